import type { JupyterMessage } from "./message.ts";

/** The most that is kept for a client that is away, in characters of JSON and bytes; the oldest go first. */
const MAX_KEPT = 16 * 2 ** 20;

interface Kept {
  message: JupyterMessage;
  size: number;
}

/**
 * The messages that a kernel sends while no client is connected, kept for the session that left last.
 * Another session does not receive them.
 */
export class ReplayBuffer {
  #sessionId: string | undefined;
  #kept: Kept[] = [];
  #size = 0;

  /** True when a session is expected to come back. */
  get active(): boolean {
    return this.#sessionId !== undefined;
  }

  /** Keeps messages from now on, for that session. */
  begin(sessionId: string): void {
    this.#clear();
    this.#sessionId = sessionId;
  }

  /** Keeps a message for every client. */
  add(message: JupyterMessage): void {
    if (!this.active) return;
    const size = sizeOf(message);
    this.#kept.push({ message, size });
    this.#size += size;
    while (this.#size > MAX_KEPT) this.#size -= this.#kept.shift()!.size;
  }

  /** Keeps a message for one session. */
  addFor(sessionId: string, message: JupyterMessage): void {
    if (sessionId === this.#sessionId) this.add(message);
  }

  /** Returns the messages that were kept for a session that has come, and keeps nothing any more. */
  take(sessionId: string): JupyterMessage[] {
    const messages = sessionId === this.#sessionId ? this.#kept.map(({ message }) => message) : [];
    this.#clear();
    return messages;
  }

  #clear(): void {
    this.#sessionId = undefined;
    this.#kept = [];
    this.#size = 0;
  }
}

function sizeOf({ content, buffers }: JupyterMessage): number {
  return JSON.stringify(content).length + buffers.reduce((sum, { length }) => sum + length, 0);
}
