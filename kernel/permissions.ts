import { relative, resolve } from "node:path/posix";
import { KernelError } from "./errors.ts";
import type { Mount } from "./mounts.ts";

/** A permission of one kind: `true` grants all, a list exactly its entries, `false` nothing. */
export type Grant = boolean | string[];

/** The permissions of a kernel, in the words of Deno's own. A kind that is absent is not granted. */
export interface PermissionOptions {
  /** Paths of this machine that JavaScript may read. */
  read?: Grant;
  /** Paths of this machine that JavaScript may write. */
  write?: Grant;
  /** Network hosts, as `host` or `host:port`. */
  net?: Grant;
  /** Environment variables of this process. */
  env?: Grant;
  /** Programs that may be started. */
  run?: Grant;
  /** Dynamic libraries of this machine that may be opened. */
  ffi?: Grant;
  /** Facts about this machine, such as `hostname`. */
  sys?: Grant;
  /** Network hosts that code may be imported from. */
  import?: Grant;
}

/** The permissions that a kernel was granted, every kind named. */
export type Permissions = Required<PermissionOptions>;

/** The permissions of a kernel that asked for none. */
export const NOTHING: Permissions = {
  read: false,
  write: false,
  net: false,
  env: false,
  run: false,
  ffi: false,
  sys: false,
  import: false,
};

/**
 * Granted permissions; `inherit` is all that this process has, which a main-thread kernel cannot be kept
 * from, and `remote` is what the kernel's own server gives it.
 */
export type GrantedPermissions = Permissions | "inherit" | "remote";

/**
 * The permissions of a worker: what was asked for and what its mounts need, and no more. Every kind
 * is spelled out, because Deno lets a worker inherit the ones that are left out.
 */
export function workerPermissions(asked: PermissionOptions, mounts: readonly Mount[]): Permissions {
  const readable = mounts.map((mount) => mount.root);
  const writable = mounts.filter((mount) => mount.access === "rw").map((mount) => mount.root);
  return {
    read: withPaths(asked.read, readable),
    write: withPaths(asked.write, writable),
    net: asked.net ?? false,
    env: asked.env ?? false,
    run: asked.run ?? false,
    ffi: asked.ffi ?? false,
    sys: asked.sys ?? false,
    import: asked.import ?? false,
  };
}

function withPaths(asked: Grant | undefined, paths: string[]): Grant {
  if (asked === true) return true;
  const all = [...new Set([...(asked || []), ...paths])];
  return all.length > 0 && all;
}

/**
 * Refuses permissions that go beyond a ceiling.
 *
 * @throws {KernelError} `permission_denied`, naming the permission, what was asked and the ceiling.
 */
export function assertWithinCeiling(asked: PermissionOptions, ceiling: PermissionOptions): void {
  // `options.ts` has parsed it, so that it has no other keys.
  for (const [kind, grant] of Object.entries(asked) as [keyof PermissionOptions, Grant][]) {
    const limit = ceiling[kind] ?? false;
    if (isCovered(kind, grant, limit)) continue;
    throw new KernelError(
      "permission_denied",
      `Cannot create kernel: deno.permissions.${kind}: ${describe(grant)} is more than may be ` +
        `granted here (${describe(limit)})`,
    );
  }
}

function isCovered(kind: keyof PermissionOptions, asked: Grant, limit: Grant): boolean {
  if (limit === true || asked === false) return true;
  if (limit === false || asked === true) return Array.isArray(asked) && asked.length === 0;
  return asked.every((entry) => limit.some((it) => covers(kind, it, entry)));
}

/** Returns true when an entry of a ceiling covers one that is asked for. */
function covers(kind: keyof PermissionOptions, limit: string, asked: string): boolean {
  switch (kind) {
    case "read":
    case "write":
    case "ffi": {
      const rest = relative(resolve(limit), resolve(asked));
      return rest === "" || (rest !== ".." && !rest.startsWith("../"));
    }
    case "net":
    case "import":
      // A network host covers its ports. An address of IPv6 has colons of its own.
      return asked === limit || asked.replace(/:\d+$/, "") === limit;
    default:
      return asked === limit;
  }
}

function describe(grant: Grant): string {
  return Array.isArray(grant) ? `[${grant.join(", ")}]` : grant ? "everything" : "nothing";
}
