import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { closeComm, type CommContent, openComm, sendToComm } from "../api/comms.ts";
import type { CommEvent } from "../api/event_schema.ts";

/** The page's end of a comm, a two-way channel to an object in the kernel. */
export interface PageComm {
  readonly id: string;
  /** Sends a message; resolves when the kernel has handled it, which a busy kernel does later. */
  send(content: CommContent): Promise<void>;
  /** Closes the comm. */
  close(): Promise<void>;
}

/** The functions that are called with the kernel's messages. */
export interface CommHandlers {
  onMessage(event: CommEvent): void;
  /** Called when the kernel closes the comm. */
  onClose(): void;
}

/**
 * The comms between the page and the interpreter that a notebook's kernel has at present. Messages are sent
 * one after the other: however many wait for a busy kernel, one connection waits.
 */
export class KernelComms {
  readonly #kernelId: () => string | null;
  readonly #handlers = new Map<string, CommHandlers>();
  readonly #observers = new Set<(event: CommEvent) => void>();
  readonly #generation: Signal<number> = signal(0);
  #ended = new AbortController();
  #sent: Promise<unknown> = Promise.resolve();

  constructor(kernelId: () => string | null) {
    this.#kernelId = kernelId;
  }

  /** A number that changes when another interpreter takes the kernel's place: all comms are closed then. */
  get generation(): ReadonlySignal<number> {
    return this.#generation;
  }

  /** Aborts when another interpreter takes the kernel's place. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Forgets all comms: the interpreter that had them has ended. */
  reset(): void {
    this.#ended.abort(new Error("The kernel has ended"));
    this.#ended = new AbortController();
    this.#sent = Promise.resolve();
    const handlers = [...this.#handlers.values()];
    this.#handlers.clear();
    for (const { onClose } of handlers) onClose();
    this.#generation.value++;
  }

  /** Calls `observer` with every event of every comm; returns a function that stops this. */
  observe(observer: (event: CommEvent) => void): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  /** Takes in an event of the kernel. */
  take(event: CommEvent): void {
    for (const observer of this.#observers) observer(event);
    const handlers = this.#handlers.get(event.commId);
    if (!handlers) return;
    if (event.type === "comm_msg") handlers.onMessage(event);
    if (event.type !== "comm_close") return;
    this.#handlers.delete(event.commId);
    handlers.onClose();
  }

  /** Returns the page's end of a comm that the kernel has. */
  attach(id: string, handlers: CommHandlers): PageComm {
    this.#handlers.set(id, handlers);
    return {
      id,
      send: (content) => this.#inTurn((kernel, signal) => sendToComm(kernel, id, content, signal)),
      close: async () => {
        this.#handlers.delete(id);
        await this.#inTurn((kernel, signal) => closeComm(kernel, id, signal));
      },
    };
  }

  /** Opens a comm to a target of the kernel, with an id of its own unless one is given. */
  async open(
    targetName: string,
    content: CommContent & { id?: string },
    handlers: CommHandlers,
  ): Promise<PageComm> {
    const { id: commId = crypto.randomUUID().replaceAll("-", ""), ...rest } = content;
    const comm = this.attach(commId, handlers);
    try {
      await this.#inTurn((kernel, signal) =>
        openComm(kernel, { commId, targetName, ...rest }, signal)
      );
    } catch (error) {
      this.#handlers.delete(commId);
      throw error;
    }
    return comm;
  }

  #inTurn(request: (kernelId: string, signal: AbortSignal) => Promise<void>): Promise<void> {
    const signal = this.#ended.signal;
    const made = this.#sent.then(async () => {
      signal.throwIfAborted();
      const kernelId = this.#kernelId();
      if (kernelId === null) throw new Error("The notebook has no kernel");
      await request(kernelId, signal);
    });
    this.#sent = made.catch(() => {});
    return made;
  }
}
