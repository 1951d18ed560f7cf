import type { StartMessage } from "../protocol.ts";
import type { LockDownOptions } from "./lock_down.ts";
import type { KernelUser } from "./users.ts";

/** The message that starts an interpreter in a process. */
export interface ProcessStart extends StartMessage {
  /** JSON of the engine's `locate`, from which its process entry makes the assets. */
  location: unknown;
  /** The user to become before anything is executed; null: no other one. */
  user: KernelUser | null;
  /** The restrictions to put on itself before anything is executed; null: none. */
  lockDown: LockDownOptions | null;
}
