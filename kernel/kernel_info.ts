import type { KernelStatus } from "./events.ts";
import type { ShownLimits } from "./limits/limits.ts";
import type { Mount } from "./mounts.ts";
import type { GrantedPermissions } from "./permissions.ts";
import type { KernelMode } from "./start_options.ts";

/** A description of a kernel. */
export interface KernelInfo {
  /** The id, unique in its manager; `namespace:id` when it has a namespace. */
  id: string;
  /** The namespace, if any. */
  namespace: string | null;
  /** The name of its language. */
  language: string;
  /** The place where it runs. */
  mode: KernelMode;
  /** Its state. */
  status: KernelStatus;
  /** The time of its creation, as ISO 8601. */
  created: string;
  /** The last time when it began or ended working, as ISO 8601. */
  lastActivity: string;
  /** The number of cells that it has executed since it started. */
  executionCount: number;
  /** The size of its interpreter's memory in bytes, as last reported; null when it has none. */
  memoryBytes: number | null;
  /** The directories of this machine that it sees. */
  mounts: Mount[];
  /** Its permissions. */
  permissions: GrantedPermissions;
  /** The time without work after which it is shut down, in milliseconds; 0: never. */
  inactivityTimeoutMs: number;
  /** The older name of `inactivityTimeoutMs`. */
  inactivityTimeout: number;
  /** The time after which a running execution is reported as stalled, in milliseconds; 0: never. */
  maxExecutionTimeMs: number;
  /** The older name of `maxExecutionTimeMs`. */
  maxExecutionTime: number;
  /** Its limits; null is one that nobody keeps, as in a kernel of another server. */
  limits: ShownLimits;
  /** The server that it runs on, and its id there; null for a kernel that runs here. */
  remote: { server: string; kernelName: string; path: string | null } | null;
}
