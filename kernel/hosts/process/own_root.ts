/**
 * A root directory of its own for a kernel's process: what its runtime needs, read-only, and what was
 * mounted. Whatever a link in there says, no path leads out.
 */
import { fileURLToPath } from "node:url";

/** Something of the host that the process finds in its root, read-only. */
export interface Place {
  /** Where it is on the host, absolute. */
  from: string;
  /** Where the process finds it, absolute. */
  to: string;
  kind: "directory" | "file";
  /** Whether programs and libraries in it may be run. @default false */
  runs?: boolean;
  /** Whether it may be written to. @default false */
  writable?: boolean;
}

/** A directory of the host that the process finds as `/mnt/0`, `/mnt/1`, ... */
export interface BoundDirectory {
  /** Its real path. The process does not start when it has become another. */
  root: string;
  access: "ro" | "rw";
}

/** Options for {@linkcode inOwnRoot}. */
export interface OwnRootOptions {
  /** An empty directory to build at, which nothing else uses. */
  at: string;
  places: readonly Place[];
  mounts: readonly BoundDirectory[];
  /** Whether to make a user namespace: who is not root may make the others in one. */
  asUser: boolean;
  /** Whether it keeps the host's network. */
  networked: boolean;
}

const SCRIPT = fileURLToPath(new URL("./own_root.sh", import.meta.url));
const DEVICES = ["null", "zero", "random", "urandom"];

/** The beginning of a command line that runs the rest of it in a root of its own. */
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
    // Its parent waits for it, and takes it with it.
    ...["--fork", "--kill-child", "--propagation=private", "--"],
    ...["sh", SCRIPT, at, table(at, all), lines(directories), lines(files)],
    String(mounts.length),
    ...mounts.flatMap(({ root, access }) => [root, access]),
  ];
}

/** Where a process finds the mount with that number. */
export function mountPlace(index: number): string {
  return `/mnt/${index}`;
}

/** What is bound where, as an fstab(5). */
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
  // What it tells of processes, and nothing of the rest of the machine.
  rows.push(["proc", escape(`${at}/proc`), "proc", "nosuid,nodev,noexec,ro,subset=pid"]);
  return rows.map((row) => `${row.join(" ")} 0 0\n`).join("");
}

/** As an fstab(5) has spaces and the like. */
function escape(path: string): string {
  return path.replace(
    /[\s\\#]/g,
    (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** Below the working directory, one a line. */
function lines(paths: readonly string[]): string {
  return [...new Set(paths)].filter((it) => it !== "").map((it) => `.${it}`).join("\n");
}
