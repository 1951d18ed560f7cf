import { type FileSystem, isMounted } from "./file_system.ts";

/** The parts of a file system that are no methods, or are called with `new`. */
const VALUES: ReadonlySet<PropertyKey> = new Set(["ErrnoError"]);

/** Makes a file system that is another one, and may become yet another later. */
export function movableFiles(first: FileSystem): {
  files: FileSystem;
  moveTo(next: FileSystem): void;
} {
  let current = first;
  const files = new Proxy({} as FileSystem, {
    get(_, name) {
      const value: unknown = Reflect.get(current, name);
      return typeof value === "function" && !VALUES.has(name) ? value.bind(current) : value;
    },
  });
  return { files, moveTo: (next) => current = next };
}

/** Copies everything below a directory into another file system, except what is mounted there. */
export function copyFiles(from: FileSystem, to: FileSystem, directory = "/"): void {
  for (const name of from.readdir(directory)) {
    if (name === "." || name === "..") continue;
    const path = directory === "/" ? `/${name}` : `${directory}/${name}`;
    const { mode, mtime } = from.lstat(path);
    if (isMounted(from.lookupPath(path, { follow: false }).node)) continue;
    if (from.isLink(mode)) to.symlink(from.readlink(path), path);
    else if (from.isDir(mode)) {
      to.mkdirTree(path);
      copyFiles(from, to, path);
      to.chmod(path, mode & 0o7777);
    } else if (from.isFile(mode)) {
      to.writeFile(path, from.readFile(path));
      to.chmod(path, mode & 0o7777);
      to.utime(path, mtime.getTime(), mtime.getTime());
    }
  }
}
