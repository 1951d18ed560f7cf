import type { StartMessage } from "../protocol.ts";
import type { LockDownOptions } from "./lock_down.ts";
import type { KernelUser } from "./users.ts";

/** The message that starts an interpreter in a process. */
export interface ProcessStart extends StartMessage {
  /** The JSON value of the engine's `locate`, from which the engine's process entry makes the assets. */
  location: unknown;
  /** The user that the process becomes before it executes anything; null: it stays the user that it is. */
  user: KernelUser | null;
  /** The restrictions that the process puts on itself before it executes anything; null: none. */
  lockDown: LockDownOptions | null;
}
