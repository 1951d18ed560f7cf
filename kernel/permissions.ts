import type { Mount } from "./mounts.ts";

/** `true`: all of that kind; a list: exactly these; `false` or absent: none. */
export type Grant = boolean | string[];

/** What a worker kernel may do, in the words of Deno's own permissions. */
export interface PermissionOptions {
  /** Host paths that JavaScript may read. */
  read?: Grant;
  /** Host paths that JavaScript may write. */
  write?: Grant;
  /** Hosts, as `host` or `host:port`. */
  net?: Grant;
  /** Environment variables of this process. */
  env?: Grant;
  /** Programs that may be started. */
  run?: Grant;
  /** Dynamic libraries of the host that may be opened. */
  ffi?: Grant;
  /** Facts about the host, such as `hostname`. */
  sys?: Grant;
  /** Hosts that code may be imported from. */
  import?: Grant;
}

/** What a kernel was granted, every kind named. */
export type Permissions = Required<PermissionOptions>;

/** What a main-thread kernel has: everything this process has, which it cannot be kept from. */
export type GrantedPermissions = Permissions | "inherit";

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
