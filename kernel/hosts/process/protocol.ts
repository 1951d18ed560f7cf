import type { HostEvent } from "../../host.ts";
import type { KernelLimits } from "../../limits/limits.ts";
import type { Mount } from "../../mounts.ts";
import type { GrantedPermissions } from "../../permissions.ts";
import type { WireError } from "../channel.ts";

/**
 * What a process host and its child say to each other, one message a frame. Every `call` gets exactly
 * one `return` or `throw`. A child ends when its input ends.
 */
export type ParentMessage =
  | { type: "start"; config: ChildConfig }
  /** Its arguments' bytes are the frame's buffers. */
  | { type: "call"; id: number; name: string; args: unknown }
  /** What became of a call of the child's; a package's bytes are the frame's buffer. */
  | { type: "return"; id: number; value: unknown }
  | { type: "throw"; id: number; error: WireError };

/** What a child needs to know to start. */
export interface ChildConfig {
  kernelId: string;
  mounts: Mount[];
  env: Record<string, string>;
  cwd: string;
  permissions: GrantedPermissions;
  limits: KernelLimits;
  /** Where Pyodide is, and the image to begin with, as paths. */
  wasmPath: string;
  stdlibPath: string;
  imagePath: string | null;
  packageFiles: Record<string, string>;
  /** Whether the parent answers calls for packages. */
  packages: boolean;
  /** Whom to become before Python runs; null: nobody else. */
  user: { uid: number; gid: number } | null;
}

/** From the child. */
export type ChildMessage =
  | { type: "ready"; memoryBytes: number }
  /** The buffers of a comm's event are the frame's. */
  | { type: "event"; event: HostEvent }
  /** The bytes of a file that was read are the frame's buffer. */
  | { type: "return"; id: number; value: unknown; memoryBytes: number }
  | { type: "throw"; id: number; error: WireError }
  /** Asks the parent for a package; see `PackageRequest`. */
  | { type: "call"; id: number; args: unknown }
  | { type: "exited"; reason: string };
