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

/** An envelope from a host to its worker. */
export type ToWorker = Envelope<HostMessage<WorkerStart>>;

/**
 * An envelope from a worker to its host. It carries the position of the output ring at its sending, and
 * output up to that position is shown before the message counts.
 */
export interface FromWorker extends Envelope<KernelMessage> {
  at: number;
}
