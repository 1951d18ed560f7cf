import type { Envelope, HostMessage, KernelMessage, StartMessage } from "../protocol.ts";

/** The message that starts an interpreter in a worker. */
export interface WorkerStart extends StartMessage {
  /** The value that the engine's `assets` has made. */
  assets: unknown;
  /** The name of the lock that the worker holds for as long as its thread lives. */
  lock: string;
  /** The memory of the output ring. */
  output: SharedArrayBuffer;
  /** The memory of interrupts. */
  interrupts: SharedArrayBuffer;
}

/** What a host posts to its worker. */
export type ToWorker = Envelope<HostMessage<WorkerStart>>;

/**
 * What a worker posts to its host: a message, and the position of the output ring when it was sent. Output
 * that was written before that position is shown before the message counts.
 */
export interface FromWorker extends Envelope<KernelMessage> {
  at: number;
}
