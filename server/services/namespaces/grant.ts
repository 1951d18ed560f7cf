import { realpath } from "node:fs/promises";
import { resolve, sep } from "node:path";
import {
  KernelError,
  type KernelLimits,
  KernelMode,
  type KernelOptions,
  type LimitOptions,
  resolveLimits,
} from "../../../kernel/mod.ts";

/** The rights of a namespace's kernels: their number, their limits, and what of the host they reach. */
export interface Grant {
  /** The most kernels that the namespace has at a time; undefined: as many as the server. */
  readonly maxKernels: number | undefined;
  /** The highest limits of a kernel, within the server's; a limit that is missing is the server's. */
  readonly limits: LimitOptions;
  /** The modes that kernels may have. */
  readonly modes: readonly KernelMode[];
  /** Absolute directories of this machine that kernels may mount, with those below them. */
  readonly mounts: readonly string[];
  /** The names of the other servers on which kernels may run. */
  readonly servers: readonly string[];
  /** True when kernels may be granted Deno's permissions, within the server's. */
  readonly permissions: boolean;
}

/** The limits of the server that grants are within. */
export interface ServerLimits {
  /** The limits of a kernel whose creator sets none. */
  defaults: Partial<KernelLimits>;
  /** The highest limits that clients may ask for. */
  ceilings: Partial<KernelLimits>;
}

/** Returns what all of the grants allow; without any, nothing is allowed. */
export function narrowest(grants: readonly Grant[]): Grant {
  const [first = NOTHING, ...others] = grants;
  return others.reduce((a, b) => ({
    maxKernels: a.maxKernels === undefined || b.maxKernels === undefined
      ? a.maxKernels ?? b.maxKernels
      : Math.min(a.maxKernels, b.maxKernels),
    limits: lowerCeilings(a.limits, b.limits),
    modes: a.modes.filter((it) => b.modes.includes(it)),
    mounts: a.mounts.filter((it) => b.mounts.includes(it)),
    servers: a.servers.filter((it) => b.servers.includes(it)),
    permissions: a.permissions && b.permissions,
  }), first);
}

const NOTHING: Grant = {
  maxKernels: 0,
  limits: {},
  modes: [],
  mounts: [],
  servers: [],
  permissions: false,
};

/** Returns the lower of each limit that either of two ceilings has. */
function lowerCeilings(a: LimitOptions, b: LimitOptions): LimitOptions {
  const names = Object.keys({ ...a, ...b }) as (keyof KernelLimits)[];
  const lower = resolveLimits({}, { ...b, ...a }, b);
  return Object.fromEntries(names.map((name) => [name, lower[name]]));
}

/**
 * Tells whether a kernel of these options would have no more of the host than a grant allows. Links in the
 * paths of mounts are not followed: `withinGrant` does so.
 */
export function isWithin(
  grant: Grant,
  { mode, server, deno, mounts = [], filesystem }: KernelOptions,
): boolean {
  const roots = [...mounts.map(({ root }) => root), ...(filesystem?.root ? [filesystem.root] : [])];
  return (mode === undefined || grant.modes.includes(mode)) &&
    (server === undefined || grant.servers.includes(server)) &&
    roots.every((root) => grant.mounts.some((it) => isInside(resolve(root), resolve(it)))) &&
    (grant.permissions || !grantsAnything(deno?.permissions));
}

/**
 * Checks the options of a new kernel, and returns them with what the grant makes of them: mounts are real
 * directories then, and limits are no higher than the grant's.
 *
 * @throws {KernelError} `permission_denied`, naming the option.
 */
export async function withinGrant(
  options: KernelOptions,
  grant: Grant,
  server: ServerLimits,
): Promise<KernelOptions> {
  const { mode, deno, remoteKernelId } = options;
  if (mode !== undefined && !grant.modes.includes(mode)) {
    const allowed = grant.modes.map((it) => `"${it}"`).join(" or ");
    throw refusal("mode", `"${mode}" kernels are not for this token; use ${allowed}`);
  }
  if (options.server !== undefined && !grant.servers.includes(options.server)) {
    throw new KernelError("invalid_argument", unknownServer(options.server, grant));
  }
  if (remoteKernelId !== undefined) {
    throw refusal("remoteKernelId", "this token starts kernels there and takes over none");
  }
  if (!grant.permissions && grantsAnything(deno?.permissions)) {
    throw refusal("permissions", "this token gives kernels no permissions of the host");
  }
  return {
    ...options,
    ...(options.mounts && {
      mounts: await Promise.all(options.mounts.map(async (it) => ({
        ...it,
        root: await allowedRoot(it.root, grant, "mounts"),
      }))),
    }),
    ...(options.filesystem?.root !== undefined && {
      filesystem: {
        ...options.filesystem,
        root: await allowedRoot(options.filesystem.root, grant, "filesystem.root"),
      },
    }),
    ...(Object.keys(grant.limits).length > 0 && mode !== KernelMode.REMOTE && {
      limits: newerNames(limitsWithin(options.limits ?? {}, grant, server)),
    }),
  };
}

/** Returns a message that says of another server that there is none of that name. */
export function unknownServer(name: string, { servers }: Grant): string {
  const known = servers.map((it) => `"${it}"`).join(", ");
  return `Cannot find server "${name}": ${
    known ? `use ${known}` : "no other server is configured"
  }`;
}

/** Returns limits without those that repeat others under an older name. */
function newerNames({ memoryMb: _, filesMb: __, ...limits }: KernelLimits): LimitOptions {
  return limits;
}

/** Returns the limits of a kernel: those asked for, otherwise the server's defaults, lowered to the grant's. */
export function limitsWithin(
  asked: LimitOptions,
  grant: Grant,
  { defaults, ceilings }: ServerLimits,
): KernelLimits {
  return resolveLimits(asked, defaults, lowerCeilings(ceilings, grant.limits));
}

/**
 * Returns the real directory of a mount.
 *
 * @throws {KernelError} the same whether there is no such directory or it is not the grant's.
 */
async function allowedRoot(root: string, { mounts }: Grant, option: string): Promise<string> {
  const real = await realpath(root).catch(() => undefined);
  for (const mount of mounts) {
    const allowed = await realpath(mount).catch(() => undefined);
    if (real !== undefined && allowed !== undefined && isInside(real, allowed)) return real;
  }
  throw refusal(option, `"${root}" is not among the directories that this token may mount`);
}

/** Tells whether a path is a directory or in it. */
function isInside(path: string, directory: string): boolean {
  return path === directory ||
    path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

function grantsAnything(permissions: unknown): boolean {
  return Object.values(permissions ?? {}).some((it) =>
    it === true || (Array.isArray(it) && it.length > 0)
  );
}

function refusal(option: string, reason: string): KernelError {
  return new KernelError("permission_denied", `Cannot create kernel: ${option}: ${reason}`);
}
