import type { RuntimeAssets } from "../pyodide/assets.ts";
import type { GrantedPermissions } from "../permissions.ts";
import type { RuntimeConfig } from "../pyodide/runtime.ts";
import type { WireError } from "./channel.ts";

/**
 * What a host and its worker say to each other. Every `call` gets exactly one `return` or `throw`.
 * `at` is the position of the output ring when a message was sent: what was written before it is
 * shown before it.
 */
export const PROTOCOL_VERSION = 1;

/** From the host. */
export type HostMessage =
  | {
    type: "start";
    version: typeof PROTOCOL_VERSION;
    assets: RuntimeAssets;
    config: RuntimeConfig;
    /** Whether the host answers calls for packages. */
    packages: boolean;
    /** What the worker was granted. */
    permissions: GrantedPermissions;
    /** Held by the worker for as long as its thread lives. */
    lock: string;
    output: SharedArrayBuffer;
    /** See `interrupts.ts`. */
    interrupts: SharedArrayBuffer;
  }
  | { type: "call"; id: number; name: string; args: unknown; buffers: Uint8Array[] }
  /** What became of a call of the worker's. */
  | { type: "return"; id: number; value: unknown }
  | { type: "throw"; id: number; error: WireError }
  /** For a worker that rests; one that computes learns it from its interrupts. */
  | { type: "end" };

/** From the worker. */
export type WorkerMessage =
  | { type: "ready"; version: typeof PROTOCOL_VERSION; memoryBytes: number }
  | { type: "event"; event: unknown; at: number }
  /** What is written from here on belongs to that execution; null: to the one begun last. */
  | { type: "own"; executionId: string | null; at: number }
  | { type: "return"; id: number; value: unknown; at: number }
  | { type: "throw"; id: number; error: WireError }
  /** Asks the host for a package; see `PackageRequest`. */
  | { type: "call"; id: number; args: unknown }
  | { type: "crashed"; reason: string };
