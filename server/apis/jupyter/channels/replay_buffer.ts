import type { JupyterMessage } from "./message.ts";

/** How much is kept for a client that is away, in characters of JSON and bytes; the oldest goes. */
const MAX_KEPT = 16 * 2 ** 20;

interface Kept {
  message: JupyterMessage;
  size: number;
}

/**
 * What a kernel says while no client is connected, for the session that was the last to leave; another
 * session does not get it.
 */
export class ReplayBuffer {
  #sessionId: string | undefined;
  #kept: Kept[] = [];
  #size = 0;

  /** Whether somebody is expected to come back. */
  get active(): boolean {
    return this.#sessionId !== undefined;
  }

  /** Keeps from now on what comes, for that session. */
  begin(sessionId: string): void {
    this.#clear();
    this.#sessionId = sessionId;
  }

  /** Keeps a message that is for everybody. */
  add(message: JupyterMessage): void {
    if (!this.active) return;
    const size = sizeOf(message);
    this.#kept.push({ message, size });
    this.#size += size;
    while (this.#size > MAX_KEPT) this.#size -= this.#kept.shift()!.size;
  }

  /** Keeps a message that is for one session. */
  addFor(sessionId: string, message: JupyterMessage): void {
    if (sessionId === this.#sessionId) this.add(message);
  }

  /** Somebody has come: what was kept, if it was for this session. Nothing is kept any more. */
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
