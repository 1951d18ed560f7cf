import { join } from "node:path";
import { defaultCacheDir } from "../../cache_directory.ts";
import { messageOf } from "../../errors.ts";
import { inOwnRoot, type Place } from "./own_root.ts";
import { IN_ROOT, resolverPlaces, runtimePlaces } from "./runtime_places.ts";

/** The tools that confine processes on this system; undefined or a `Missing` for each that does not work. */
export interface Tools {
  /** The beginning of a command line that runs a program without a network. */
  network: string[] | undefined;
  /** The beginning of a command line that limits a program's resources; the limits follow. */
  limits: string[] | undefined;
  /** Makes the beginning of a command line that runs a program without privileges. */
  privileges: Privileges | undefined;
  /** The parts of a root directory that a process gets for itself. */
  ownRoot: OwnRootTools | Missing;
  /** True when a process can lock itself down. */
  lockDown: true | Missing;
  /** True when the memory of other processes can be read. */
  watchdog: boolean;
}

/** Makes a command line that drops privileges; with `changesUser` it keeps those to become another user. */
export type Privileges = (options: { setpriv: string; changesUser: boolean }) => string[];

/** The reason why something does not work here. */
export interface Missing {
  missing: string;
}

/** The parts that `inOwnRoot` makes root directories of. */
export interface OwnRootTools {
  /** The empty directory at which roots are built. */
  at: string;
  /** True when a user namespace is needed. */
  asUser: boolean;
  /** The files of the host that the runtime needs. */
  runtime: Place[];
  /** The files of the host that the runtime also needs for the network. */
  resolver: Place[];
}

/** The module that locks a kernel's process down, for the probe to run. */
const LOCK_DOWN = new URL("./lock_down.ts", import.meta.url);

/** Tries each tool. `privileged` is true when this process may start others as other users. */
export async function probe(privileged: boolean): Promise<Tools> {
  const user = privileged ? [] : ["--user", "--map-current-user"];
  // A process of another user than root has no capabilities to drop, outside of a user namespace.
  const plain: Privileges = ({ setpriv }) => [setpriv, "--no-new-privs", "--"];
  const dropping: Privileges = ({ setpriv, changesUser }) => [
    ...[setpriv, "--no-new-privs"],
    // The process needs these until it executes code: to become another user, and to read others' files.
    `--bounding-set=-all${changesUser ? ",+setuid,+setgid,+dac_read_search" : ""}`,
    ...["--inh-caps=-all", "--ambient-caps=-all"],
    ...(privileged ? ["--clear-groups"] : []),
    "--",
  ];
  const tried = { setpriv: "setpriv", changesUser: privileged };
  const [network, limits, drops, gainsNothing, ownRoot, lockDown, watchdog] = await Promise.all([
    works(["unshare", ...user, "--net", "--"]),
    works(["prlimit", "--core=0"]),
    works(dropping(tried)),
    works(plain(tried)),
    probeOwnRoot(privileged, dropping),
    probeLockDown(),
    Deno.stat("/proc/self/stat").then(() => true, () => false),
  ]);
  const privileges = drops ? dropping : gainsNothing ? plain : undefined;
  return { network, limits, privileges, ownRoot, lockDown, watchdog };
}

/** Tries to start the runtime in a root of its own. */
async function probeOwnRoot(
  privileged: boolean,
  privileges: Privileges,
): Promise<OwnRootTools | Missing> {
  const cache = defaultCacheDir();
  if (Deno.build.os !== "linux") return { missing: "only Linux has mount namespaces" };
  if (cache === undefined) return { missing: "this process has no home to build it in" };
  const at = join(cache, "root");
  try {
    await Deno.mkdir(at, { recursive: true, mode: 0o700 });
    const runtime = await runtimePlaces(await findProgram("setpriv"));
    const resolver = await resolverPlaces(runtime);
    const asUser = !privileged;
    const missing = await failure([
      ...inOwnRoot({ at, places: runtime, mounts: [], asUser, networked: false }),
      ...privileges({ setpriv: IN_ROOT.setpriv, changesUser: privileged }),
      ...[IN_ROOT.deno, "--version"],
    ]);
    return missing === undefined ? { at, asUser, runtime, resolver } : { missing };
  } catch (error) {
    return { missing: messageOf(error) };
  }
}

/** Tries to lock down a process that does nothing else. */
async function probeLockDown(): Promise<true | Missing> {
  if (Deno.build.os !== "linux") return { missing: "only Linux filters system calls" };
  const code = `import { lockDown } from ${JSON.stringify(LOCK_DOWN)};
    lockDown({ changesFiles: false, usesNetwork: false });`;
  const address = `data:text/javascript,${encodeURIComponent(code)}`;
  const missing = await failure(
    [Deno.execPath(), ...["run", "-A", "--no-prompt", "--no-config", "--no-code-cache", address]],
    Deno.env.toObject(),
  );
  return missing === undefined || { missing };
}

/** Returns the command line when a program can be started with it. */
async function works(prefix: string[]): Promise<string[] | undefined> {
  return await failure([...prefix, "true"]) === undefined ? prefix : undefined;
}

/** Returns the reason why a command fails; undefined when it succeeds. */
async function failure(
  [program, ...args]: string[],
  env: Record<string, string> = {},
): Promise<string | undefined> {
  try {
    const { success, stderr } = await new Deno.Command(program!, {
      args,
      clearEnv: true,
      env: { DENO_DIR: "/tmp", NO_COLOR: "1", ...env },
      cwd: "/",
      stdin: "null",
      stdout: "null",
    }).output();
    if (success) return undefined;
    return new TextDecoder().decode(stderr).trim().split("\n").at(-1) || `"${program}" fails here`;
  } catch {
    return `"${program}" is not installed`;
  }
}

/** Returns the path of a program; throws when it is not installed. */
async function findProgram(name: string): Promise<string> {
  const directories = (Deno.env.get("PATH") ?? "").split(":");
  for (const directory of [...directories, "/usr/bin", "/bin", "/usr/sbin", "/sbin"]) {
    const path = join(directory, name);
    if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
  }
  throw new Error(`"${name}" is not installed`);
}
