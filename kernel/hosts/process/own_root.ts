/**
 * The root directory that a kernel's process gets for itself. It contains the files of the runtime,
 * read-only, and the mounts; no link in it leads to other files of the host.
 */
import { fileURLToPath } from "node:url";

/** A file or directory of the host that the process finds in its root. */
export interface Place {
  /** The absolute path on the host. */
  from: string;
  /** The absolute path in the root of the process. */
  to: string;
  kind: "directory" | "file";
  /** True when the process may run programs and load libraries from the place. @default false */
  runs?: boolean;
  /** True when the process may write to the place. @default false */
  writable?: boolean;
}

/** A directory of the host that the process finds as `/mnt/0`, `/mnt/1`, ... */
export interface BoundDirectory {
  /** The real path on the host. The process does not start when the path has come to lead elsewhere. */
  root: string;
  access: "ro" | "rw";
}

/** Options for {@linkcode inOwnRoot}. */
export interface OwnRootOptions {
  /** An empty directory to build at, which nothing else uses. */
  at: string;
  places: readonly Place[];
  mounts: readonly BoundDirectory[];
  /** True to make a user namespace first: only in one may a user other than root make the others. */
  asUser: boolean;
  /** True when the process keeps the host's network. */
  networked: boolean;
}

const SCRIPT = fileURLToPath(new URL("./own_root.sh", import.meta.url));
const DEVICES = ["null", "zero", "random", "urandom"];

/** Returns the beginning of a command line: the program that follows runs in a root of its own. */
export function inOwnRoot(options: OwnRootOptions): string[] {
  const { at, places, mounts, asUser, networked } = options;
  const devices = DEVICES.map((name): Place => ({
    from: `/dev/${name}`,
    to: `/dev/${name}`,
    kind: "file",
  }));
  const all = [...places, ...devices];
  const directories = all.map(({ kind, to }) => kind === "directory" ? to : directoryOf(to));
  const files = all.filter(({ kind }) => kind === "file").map(({ to }) => to);
  return [
    "unshare",
    ...(asUser ? ["--user", "--map-current-user", "--keep-caps"] : []),
    ...["--mount", "--pid", "--ipc", ...(networked ? [] : ["--net"])],
    // `unshare` waits for the program that it has forked, and kills it when it is killed itself.
    ...["--fork", "--kill-child", "--propagation=private", "--"],
    ...["sh", SCRIPT, at, table(at, all), lines(directories), lines(files)],
    String(mounts.length),
    ...mounts.flatMap(({ root, access }) => [root, access]),
  ];
}

/** Returns the path at which a process finds the mount with that number. */
export function mountPlace(index: number): string {
  return `/mnt/${index}`;
}

/** Returns the places to bind below the directory `at`, as the text of an fstab(5). */
function table(at: string, places: readonly Place[]): string {
  const rows = places.map((place) => {
    const { from, to, runs = false, writable = false } = place;
    const isDevice = to.startsWith("/dev/");
    const options = [
      ...["bind", "nosuid"],
      ...(writable ? [] : ["ro"]),
      ...(isDevice ? [] : ["nodev"]),
      ...(runs ? [] : ["noexec"]),
    ];
    return [escape(from), escape(at + to), "none", options.join()];
  });
  // With `subset=pid`, /proc shows processes and nothing of the rest of the machine.
  rows.push(["proc", escape(`${at}/proc`), "proc", "nosuid,nodev,noexec,ro,subset=pid"]);
  return rows.map((row) => `${row.join(" ")} 0 0\n`).join("");
}

/** Writes spaces and the like as octal escapes, which an fstab(5) needs. */
function escape(path: string): string {
  return path.replace(
    /[\s\\#]/g,
    (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** Lists paths relative to the working directory, one a line. */
function lines(paths: readonly string[]): string {
  return [...new Set(paths)].filter((it) => it !== "").map((it) => `.${it}`).join("\n");
}
