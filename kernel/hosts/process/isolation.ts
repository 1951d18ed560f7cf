import { defaultCacheDir } from "../../cache_directory.ts";
import { KernelError } from "../../errors.ts";
import type { IsolationMeasure } from "../../isolation.ts";
import type { PermissionOptions } from "../../permissions.ts";
import type { ProcessOptions } from "../../start_options.ts";
import {
  denoCommand,
  engineFlags,
  needsNetwork,
  type ProcessCommand,
  resourceLimits,
} from "./command.ts";
import { DEFAULT_LIMITS } from "../../limits/limits.ts";
import type { LockDownOptions } from "./lock_down.ts";
import { ModuleCache } from "./module_cache.ts";
import { inOwnRoot, mountPlace, type Place } from "./own_root.ts";
import { type OwnRootTools, probe, type Tools } from "./probe.ts";
import { IN_ROOT } from "./runtime_places.ts";
import { KernelUsers } from "./users.ts";

/** The program of a kernel's process, which is to be confined. */
export interface ConfinedProgram {
  /** The main module. */
  entry: URL;
  /** The main module of the worker in the process. */
  workerEntry: URL;
  /** The paths that the process reads to start: directories of modules, and files. */
  readable: readonly string[];
  /** True when the program loads no modules but those in `readable`. */
  selfContained: boolean;
  /** True when the process will become another user. */
  ownUser: boolean;
  /** True when the values of cells are in JavaScript's heap. @default false */
  usesJavaScriptHeap?: boolean;
}

/** The command that starts a confined process. */
export interface ConfinedCommand extends ProcessCommand {
  /** The options for the process; in a root of its own, the mounts have the paths of that root. */
  options: ProcessOptions;
  /** The restrictions that the process puts on itself before code is executed; null: none. */
  lockDown: LockDownOptions | null;
  /** True when the command starts a program that waits for the kernel's process, its child. */
  nested: boolean;
}

/** Confines processes with the tools of this system, which it finds by trying them. */
export class Isolation {
  /** Users for kernels that get one of their own. */
  readonly users: KernelUsers = new KernelUsers();
  readonly #modules: ModuleCache | undefined;
  #probed: Promise<Tools> | undefined;

  /** `cacheDirectory` is where compiled modules are kept; null: nowhere. */
  constructor(cacheDirectory: string | null = defaultCacheDir() ?? null) {
    this.#modules = cacheDirectory === null ? undefined : new ModuleCache(cacheDirectory);
  }

  /** Describes the measures that are in force for process kernels, and those that this system lacks. */
  async report(): Promise<IsolationMeasure[]> {
    const tools = await this.#tools();
    const ownUsers = this.users.available;
    const missing = (tool: string) => `"${tool}" does not work here`;
    const measure = (name: string, applied: boolean, does: string, otherwise: string) => ({
      name,
      applied,
      detail: applied ? does : otherwise,
    });
    const { ownRoot, lockDown } = tools;
    return [
      measure("own process", true, "each kernel is a process that can be killed", ""),
      measure("empty environment", true, "variables only as granted", ""),
      measure("scoped permissions", true, "Deno's, exactly as granted", ""),
      measure("no code from strings", true, "unless the kernel was created with allowEval", ""),
      measure("no imports", true, "no modules, unless importing from the network was granted", ""),
      measure(
        "own root",
        !("missing" in ownRoot),
        "a file system with the runtime and the mounts, from which no link leads out; processes of " +
          "its own; unless paths of the host, programs or libraries were granted",
        "missing" in ownRoot ? ownRoot.missing : "",
      ),
      measure(
        "few system calls",
        lockDown === true,
        "what an interpreter does: no programs, no processes, nothing inherited; unless programs " +
          "or libraries were granted",
        lockDown === true ? "" : lockDown.missing,
      ),
      measure(
        "own user",
        ownUsers,
        "a user id of its own; with mounts that of their owner",
        "only a server that runs as root on Linux, with the right to, can give kernels other user ids",
      ),
      measure(
        "no new privileges",
        tools.privileges !== undefined,
        "nothing it could start gains rights; no capabilities",
        missing("setpriv"),
      ),
      measure(
        "no network",
        tools.network !== undefined,
        "a network namespace without interfaces, unless net was granted",
        missing("unshare --net"),
      ),
      measure(
        "resource limits",
        tools.limits !== undefined,
        "writable memory, open files, no core dumps" + (ownUsers ? ", threads" : ""),
        missing("prlimit"),
      ),
      measure(
        "memory watchdog",
        tools.watchdog,
        "resident memory, looked at every 25 ms while it works",
        "there is no /proc to read it from",
      ),
    ];
  }

  /** Resolves with true when a kernel whose permissions beyond its mounts are these gets a root of its own. */
  async givesOwnRoot(permissions: PermissionOptions): Promise<boolean> {
    return fitsOwnRoot(permissions) && !("missing" in (await this.#tools()).ownRoot);
  }

  /**
   * Returns the command that starts the process of a kernel, confined as well as this system allows.
   *
   * @throws {KernelError} `start_failed` when `options.ownRoot` demands a root that cannot be made.
   */
  async command(options: ProcessOptions, program: ConfinedProgram): Promise<ConfinedCommand> {
    const { permissions, limits, mounts } = options;
    const { entry, readable, ownUser, selfContained } = program;
    const heapMiB = heapOf(options, program);
    const [tools, modules] = await Promise.all([
      this.#tools(),
      selfContained ? this.#compiled(options, program) : undefined,
    ]);
    const networked = needsNetwork(permissions);
    const root = selfContained && !("missing" in tools.ownRoot) &&
        fitsOwnRoot(permissions, mounts.map((it) => it.root))
      ? tools.ownRoot
      : undefined;
    if (options.ownRoot && !root) {
      throw new KernelError("start_failed", "It cannot get the root directory of its own any more");
    }
    const locksDown = tools.lockDown === true && grantsNoPrograms(permissions);
    const seen = root ? asSeenInRoot(options) : options;
    const deno = denoCommand(seen, {
      ...{ entry, readable, ownUser, locksDown, selfContained, heapMiB },
      modules: root && (modules === undefined ? IN_ROOT.empty : IN_ROOT.modules) || modules,
      ...(root && { program: IN_ROOT.deno, timeZone: timeZone() }),
    });
    const [first, ...args] = [
      ...(tools.limits ? [...tools.limits, ...resourceLimits(limits, ownUser)] : []),
      ...(root
        ? inOwnRoot({
          ...{ at: root.at, asUser: root.asUser, mounts, networked },
          places: await placesOf(root, { readable, modules, networked }),
        })
        : networked
        ? []
        : tools.network ?? []),
      ...tools.privileges?.({
        setpriv: root ? IN_ROOT.setpriv : "setpriv",
        changesUser: ownUser,
      }) ?? [],
      ...[deno.program, ...deno.args],
    ];
    return {
      ...{ program: first!, args, env: deno.env, options: seen },
      lockDown: locksDown
        ? { changesFiles: permissions.write !== false, usesNetwork: networked }
        : null,
      nested: root !== undefined,
    };
  }

  /** Compiles the modules of such processes, unless the cache has them. */
  async prepare(program: Omit<ConfinedProgram, "ownUser">): Promise<void> {
    const options = { allowEval: false, limits: DEFAULT_LIMITS };
    if (program.selfContained) await this.#compiled(options, program);
  }

  async #compiled(
    options: Pick<ProcessOptions, "allowEval" | "limits">,
    program: Omit<ConfinedProgram, "ownUser">,
  ): Promise<string | undefined> {
    const { entry, workerEntry, readable } = program;
    const directories = await directoriesOf(readable);
    const { allowEval } = options;
    const flags = engineFlags({ allowEval, heapMiB: heapOf(options, program) });
    return await this.#modules?.compiled({ processEntry: entry, workerEntry, directories, flags })
      .catch((error) => {
        console.warn(`Cannot keep what Deno compiles of a kernel's modules: ${error}`);
        return undefined;
      });
  }

  #tools(): Promise<Tools> {
    return this.#probed ??= probe(this.users.available);
  }
}

/** Returns the size of JavaScript's heap for the values of cells, in MiB; undefined: these are elsewhere. */
function heapOf(
  { limits }: Pick<ProcessOptions, "limits">,
  { usesJavaScriptHeap }: Pick<ConfinedProgram, "usesJavaScriptHeap">,
): number | undefined {
  return usesJavaScriptHeap ? limits.memoryMiB : undefined;
}

/**
 * Returns true when a kernel with these permissions can have a root of its own. Permissions that name
 * programs, or paths of the host other than mounts, only make sense in the host's root.
 */
function fitsOwnRoot(permissions: PermissionOptions, mounts: readonly string[] = []): boolean {
  return grantsNoPrograms(permissions) &&
    [permissions.read, permissions.write].every((grant = false) =>
      grant !== true && (grant === false || grant.every((path) => mounts.includes(path)))
    );
}

function grantsNoPrograms({ run, ffi }: PermissionOptions): boolean {
  return [run, ffi].every((grant = false) => Array.isArray(grant) ? grant.length === 0 : !grant);
}

/** Returns a kernel's options with the paths that the mounts have in a root of its own. */
function asSeenInRoot(options: ProcessOptions): ProcessOptions {
  const mounts = options.mounts.map((mount, index) => ({ ...mount, root: mountPlace(index) }));
  const readable = mounts.map(({ root }) => root);
  const writable = mounts.filter(({ access }) => access === "rw").map(({ root }) => root);
  const permissions = {
    ...options.permissions,
    read: readable.length > 0 && readable,
    write: writable.length > 0 && writable,
  };
  return { ...options, mounts, permissions };
}

async function placesOf(
  { runtime, resolver }: OwnRootTools,
  { readable, modules, networked }: {
    readable: readonly string[];
    modules: string | undefined;
    networked: boolean;
  },
): Promise<Place[]> {
  const directories = await directoriesOf(readable);
  // A directory has to be mounted before the files in it.
  const own = readable.toSorted((a, b) => a.length - b.length).map((path): Place => ({
    from: path,
    to: path,
    kind: directories.includes(path) ? "directory" : "file",
  }));
  return [
    ...runtime,
    ...(networked ? resolver : []),
    ...own,
    ...(modules === undefined
      ? []
      : [{ from: modules, to: IN_ROOT.modules, kind: "directory" } as const]),
  ];
}

async function directoriesOf(paths: readonly string[]): Promise<string[]> {
  const infos = await Promise.all(paths.map((path) => Deno.stat(path)));
  return paths.filter((_, index) => infos[index]!.isDirectory);
}

/** Returns the time zone of this process: a process without the system's settings cannot find it. */
function timeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
