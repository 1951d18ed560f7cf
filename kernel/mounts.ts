import { join, normalize, relative, resolve } from "node:path/posix";
import { KernelError } from "./errors.ts";

/** A directory of this machine to show inside a kernel. */
export interface MountOptions {
  /**
   * The directory. It must exist. Where processes have no root directory of their own, and in the other modes,
   * no link in it may lead out of it, and it may have no link at all when the kernel can write to it.
   */
  root: string;
  /** Its absolute path inside the kernel, created when missing. */
  mountPoint: string;
  /** `rw` lets the kernel write to it. @default "rw" */
  access?: "ro" | "rw";
}

/** A checked mount: `root` is the directory's real path. */
export type Mount = Required<MountOptions>;

/** Options for {@linkcode resolveMounts}. */
export interface ResolveOptions {
  /** The directories from which callers may mount. @default any */
  allowedRoots?: readonly string[] | undefined;
  /** True when no link leads out of a mount, so that nobody needs to look for one. @default false */
  confined?: boolean;
}

/** The most entries that a mounted tree may have: each is examined once, because it may be a link. */
const MAX_TREE_ENTRIES = 200_000;

/** Directories that the interpreter itself lives in. */
const RESERVED = ["/dev", "/lib", "/proc"];

/**
 * Checks mounts against this machine's file system.
 *
 * @throws {KernelError} `invalid_argument` or `permission_denied`, naming the mount and the path.
 */
export async function resolveMounts(
  mounts: readonly MountOptions[],
  { allowedRoots, confined = false }: ResolveOptions = {},
): Promise<Mount[]> {
  const resolved: Mount[] = [];
  for (const [index, mount] of mounts.entries()) {
    const label = `Cannot mount "${mount.root}" (mounts.${index})`;
    const mountPoint = checkMountPoint(mount.mountPoint, resolved, label);
    const root = await realDirectory(mount.root, label);
    if (allowedRoots) await checkAllowed(root, allowedRoots, label);
    const access = mount.access ?? "rw";
    if (!confined) await refuseLinks(root, access, label);
    resolved.push({ root, mountPoint, access });
  }
  return resolved;
}

function checkMountPoint(path: string, taken: readonly Mount[], label: string): string {
  const mountPoint = normalize(path).replace(/(?<=.)\/+$/, "");
  if (path.split("/").includes("..") || mountPoint === "/") {
    throw new KernelError(
      "invalid_argument",
      `${label}: mount point "${path}" is the root or contains ".."; use a directory of its own such as "/mnt/data"`,
    );
  }
  const reserved = RESERVED.find((dir) => isInside(mountPoint, dir));
  if (reserved) {
    throw new KernelError(
      "invalid_argument",
      `${label}: mount point "${mountPoint}" is in "${reserved}", which the interpreter needs; use one such as "/mnt/data"`,
    );
  }
  const other = taken.find(({ mountPoint: at }) =>
    isInside(mountPoint, at) || isInside(at, mountPoint)
  );
  if (other) {
    throw new KernelError(
      "invalid_argument",
      `${label}: mount point "${mountPoint}" overlaps "${other.mountPoint}" of "${other.root}"; keep them apart`,
    );
  }
  return mountPoint;
}

async function realDirectory(root: string, label: string): Promise<string> {
  try {
    const real = await Deno.realPath(root);
    if ((await Deno.stat(real)).isDirectory) return real;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new KernelError("invalid_argument", `${label}: the directory does not exist`, {
        cause: error,
      });
    }
    throw new KernelError("permission_denied", `${label}: this process cannot read it`, {
      cause: error,
    });
  }
  throw new KernelError("invalid_argument", `${label}: it is not a directory`);
}

async function checkAllowed(
  root: string,
  allowed: readonly string[],
  label: string,
): Promise<void> {
  const real = await Promise.all(allowed.map((path) => Deno.realPath(path).catch(() => path)));
  if (real.some((path) => isInside(root, path))) return;
  throw new KernelError(
    "permission_denied",
    real.length > 0
      ? `${label}: it is outside the directories that may be mounted (${real.join(", ")})`
      : `${label}: this manager allows no mounts`,
  );
}

/**
 * Deno checks the text of a path, so a link inside a mount would lead JavaScript out of it. A kernel
 * cannot make links itself, because Deno asks for full read and write access before it links. But it can
 * move one that stays inside to where it leads out.
 */
async function refuseLinks(root: string, access: Mount["access"], label: string): Promise<void> {
  let entries = 0;
  const waiting = [root];
  for (let dir = waiting.pop(); dir !== undefined; dir = waiting.pop()) {
    for await (const entry of readDirectory(dir)) {
      if (++entries > MAX_TREE_ENTRIES) {
        throw new KernelError(
          "invalid_argument",
          `${label}: the tree has more than ${MAX_TREE_ENTRIES} entries; mount a smaller one`,
        );
      }
      const path = join(dir, entry.name);
      if (entry.isDirectory) waiting.push(path);
      if (!entry.isSymlink) continue;
      if (access === "rw") {
        throw new KernelError(
          "permission_denied",
          `${label}: it can be written to, and the link "${path}" leads out of it or could be moved ` +
            `to where it does; remove the link, or mount the directory with access "ro"`,
        );
      }
      const target = await Deno.realPath(path).catch(() => undefined);
      // A dangling link leads out as soon as somebody creates its target, so its text is judged.
      const leadsTo = target ?? resolve(dir, await Deno.readLink(path));
      if (!isInside(leadsTo, root)) {
        throw new KernelError(
          "permission_denied",
          `${label}: the link "${path}" leads out of it, to "${leadsTo}"; remove the link or mount another directory`,
        );
      }
    }
  }
}

/** A directory that cannot be listed cannot be listed by the kernel either. */
async function* readDirectory(dir: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(dir);
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
  }
}

function isInside(path: string, dir: string): boolean {
  const rest = relative(dir, path);
  return rest === "" || (rest !== ".." && !rest.startsWith("../"));
}
