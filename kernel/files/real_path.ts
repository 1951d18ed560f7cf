import { basename, dirname, join, resolve } from "node:path/posix";
import type { FileSystem } from "./file_system.ts";

/** The most links that are followed on the way to a file. */
export const MAX_LINKS = 40;

/**
 * Returns an absolute path without links; beyond the most links the rest of it stays as it is.
 *
 * @throws the error of `lstat` for a file that is not there.
 */
export function realPath(
  files: Pick<FileSystem, "isLink" | "lstat" | "readlink">,
  path: string,
  links = 0,
): string {
  if (path === "/" || links > MAX_LINKS) return path;
  const at = join(realPath(files, dirname(path), links), basename(path));
  if (!files.isLink(files.lstat(at).mode)) return at;
  return realPath(files, resolve(dirname(at), files.readlink(at)), links + 1);
}
