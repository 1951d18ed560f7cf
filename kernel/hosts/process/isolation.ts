import { KernelError } from "../../errors.ts";
import type { HostInit } from "../../host.ts";
import type { IsolationMeasure } from "../../isolation.ts";
import type { KernelLimits } from "../../limits/limits.ts";
import type { Grant, Permissions } from "../../permissions.ts";

/** Whom a kernel's process becomes. */
export interface KernelUser {
  uid: number;
  gid: number;
}

/** The beginning and the end of the user ids that nobody else uses (systemd keeps them free). */
const OWN_USERS = { first: 60_706, count: 478 };
const CAP_SETGID = 6n;
const CAP_SETUID = 7n;
/** What a kernel's process takes of writable memory besides Python's and its files', in MiB. */
const DATA_BASE_MB = 2_048;
/** What it has open besides Python's files. */
const BASE_FILES = 64;
/** The most threads of a kernel with a user of its own. */
const MAX_THREADS = 128;

const MALLOC = {
  // One arena, given back at once: the engine's threads would keep freed memory apart.
  MALLOC_ARENA_MAX: "1",
  MALLOC_TRIM_THRESHOLD_: "65536",
  MALLOC_MMAP_THRESHOLD_: "32768",
  MALLOC_TOP_PAD_: "0",
};

/** What this system offers to keep processes apart; found out by trying. */
export class Isolation {
  readonly #privileged = canChangeUser();
  readonly #usedUsers = new Set<number>();
  #probed: Promise<Tools> | undefined;

  /** What is in force for process kernels, and what is not. */
  async report(): Promise<IsolationMeasure[]> {
    const tools = await this.#tools();
    const missing = (tool: string) => `"${tool}" does not work here`;
    const measure = (name: string, applied: boolean, does: string, otherwise: string) => ({
      name,
      applied,
      detail: applied ? does : otherwise,
    });
    return [
      measure("own process", true, "each kernel is a process that can be killed", ""),
      measure("empty environment", true, "variables only as granted", ""),
      measure("scoped permissions", true, "Deno's, exactly as granted", ""),
      measure("no code from strings", true, "unless the kernel was created with javascript", ""),
      measure(
        "own user",
        this.#privileged,
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
        "writable memory, open files, no core dumps" + (this.#privileged ? ", threads" : ""),
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

  /** How to start the process of a kernel: a program, its arguments and its environment. */
  async command(
    init: Pick<HostInit, "permissions" | "limits">,
    options: {
      entry: URL;
      config: string;
      readable: string[];
      ownUser: boolean;
      javascript: boolean;
    },
  ): Promise<{ program: string; args: string[]; env: Record<string, string> }> {
    const permissions = init.permissions as Permissions;
    const tools = await this.#tools();
    const networked = permissions.net !== false || permissions.import !== false;
    const chain = [
      ...(networked ? [] : tools.network ?? []),
      ...(tools.limits ? [...tools.limits, ...resourceLimits(init.limits, options.ownUser)] : []),
      ...(tools.privileges?.(options.ownUser) ?? []),
      Deno.execPath(),
      ...denoArguments(permissions, options),
      options.entry.href,
    ];
    const [program, ...args] = chain;
    return { program: program!, args, env: environment(permissions.env) };
  }

  /**
   * A user of its own for a kernel; undefined when this system has none to give.
   *
   * @throws {KernelError} `limit_exceeded` when all of them are in use.
   */
  takeUser(): KernelUser | undefined {
    if (!this.#privileged) return undefined;
    // Another server may use the same range: begin anywhere.
    const from = Math.floor(Math.random() * OWN_USERS.count);
    for (let step = 0; step < OWN_USERS.count; step++) {
      const uid = OWN_USERS.first + (from + step) % OWN_USERS.count;
      if (this.#usedUsers.has(uid)) continue;
      this.#usedUsers.add(uid);
      return { uid, gid: uid };
    }
    throw new KernelError(
      "limit_exceeded",
      `There are ${OWN_USERS.count} kernels with a user of their own, and no more user ids`,
    );
  }

  /** The user is free again: its process has ended. */
  releaseUser({ uid }: KernelUser): void {
    this.#usedUsers.delete(uid);
  }

  /** Whether processes can be given other users. */
  get privileged(): boolean {
    return this.#privileged;
  }

  #tools(): Promise<Tools> {
    return this.#probed ??= probe(this.#privileged);
  }
}

/** The beginnings of command lines that work here; undefined is what does not. */
interface Tools {
  network: string[] | undefined;
  limits: string[] | undefined;
  /** With or without what it takes to become another user. */
  privileges: ((changesUser: boolean) => string[]) | undefined;
  /** Whether the memory of other processes can be looked at. */
  watchdog: boolean;
}

async function probe(privileged: boolean): Promise<Tools> {
  const users = privileged ? [] : ["--user", "--map-current-user"];
  const groups = privileged ? ["--clear-groups"] : [];
  const dropping = (changesUser: boolean) => [
    "setpriv",
    "--no-new-privs",
    // Needed until Python runs: to become somebody else, and to read what others own.
    `--bounding-set=-all${changesUser ? ",+setuid,+setgid,+dac_read_search" : ""}`,
    "--inh-caps=-all",
    ...groups,
    "--",
  ];
  // Whoever is not root has no capabilities to drop.
  const plain = ["setpriv", "--no-new-privs", "--"];
  const [network, limits, drops, gainsNothing, watchdog] = await Promise.all([
    works(["unshare", ...users, "--net", "--"]),
    works(["prlimit", "--core=0"]),
    works(dropping(privileged)),
    works(plain),
    Deno.stat("/proc/self/stat").then(() => true, () => false),
  ]);
  return {
    network,
    limits,
    privileges: drops ? dropping : gainsNothing ? () => plain : undefined,
    watchdog,
  };
}

/** Whether this process may start others as other users: root may, unless it was kept from it. */
function canChangeUser(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    const status = Deno.readTextFileSync("/proc/self/status");
    const capabilities = BigInt(`0x${/^CapEff:\s+(\w+)/m.exec(status)?.[1] ?? 0}`);
    return [CAP_SETGID, CAP_SETUID].every((bit) => (capabilities >> bit & 1n) === 1n);
  } catch {
    return false;
  }
}

/** The command line, if a program can be run with it. */
async function works(prefix: string[]): Promise<string[] | undefined> {
  const [program, ...args] = prefix;
  try {
    const { success } = await new Deno.Command(program!, {
      args: [...args, "true"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success ? prefix : undefined;
  } catch {
    return undefined; // It is not installed.
  }
}

function resourceLimits(
  { memoryMb, filesMb, openFiles }: KernelLimits,
  ownUser: boolean,
): string[] {
  return [
    `--data=${(DATA_BASE_MB + memoryMb + filesMb) * 2 ** 20}`,
    `--nofile=${BASE_FILES + openFiles}`,
    ...(ownUser ? [`--nproc=${MAX_THREADS}`] : []),
    "--",
  ];
}

/** The engine's stack, in KiB: deep recursion in Python's C code then raises RecursionError. */
const STACK_KB = 7_000;
/** The stack of each thread, in bytes: it holds the engine's. */
const THREAD_STACK_BYTES = 8 * 2 ** 20;

function denoArguments(
  permissions: Permissions,
  options: { config: string; readable: string[]; ownUser: boolean; javascript: boolean },
): string[] {
  const flags = [
    "--max-old-space-size=256",
    "--max-semi-space-size=1",
    "--optimize-for-size",
    // What the engine assumes of the interpreter's calls when it optimises its loop does not hold for
    // the first cell: it would give that up, run slow code and optimise again, in each process anew.
    "--no-wasm-deopt",
    `--stack-size=${STACK_KB}`,
    `--wasm-stack-switching-stack-size=${STACK_KB}`,
    ...(options.javascript ? [] : ["--disallow-code-generation-from-strings"]),
  ];
  const read = permissions.read === true ||
    [...(permissions.read || []), ...options.readable];
  const sys = permissions.sys === true ||
    [...(permissions.sys || []), ...(options.ownUser ? ["setuid", "setgid"] : [])];
  return [
    "run",
    "--quiet",
    "--no-prompt",
    `--config=${options.config}`,
    "--no-remote",
    "--cached-only",
    `--v8-flags=${flags.join(",")}`,
    ...allow("read", read),
    ...allow("write", permissions.write),
    ...allow("net", permissions.net),
    ...allow("env", permissions.env),
    ...allow("run", permissions.run),
    ...allow("ffi", permissions.ffi),
    ...allow("sys", sys),
    ...allow("import", permissions.import),
  ];
}

function allow(kind: string, grant: Grant): string[] {
  if (grant === true) return [`--allow-${kind}`];
  if (grant === false || grant.length === 0) return [];
  return [`--allow-${kind}=${grant.map((entry) => entry.replaceAll(",", ",,")).join(",")}`];
}

/** What Deno needs to find its caches, and what was granted. */
function environment(grant: Grant): Record<string, string> {
  const { HOME, XDG_CACHE_HOME, DENO_DIR, ...others } = Deno.env.toObject();
  const caches = XDG_CACHE_HOME || (HOME && `${HOME}/.cache`);
  const cache = DENO_DIR || (caches && `${caches}/deno`);
  const all = { ...others, HOME, XDG_CACHE_HOME };
  const granted = grant === true
    ? Object.entries(all)
    : Object.entries(all).filter(([name]) => grant !== false && grant.includes(name));
  return Object.fromEntries([
    ...granted,
    ...Object.entries(MALLOC),
    ...Object.entries({ DENO_DIR: cache, DENO_NO_UPDATE_CHECK: "1" }),
    ["RUST_MIN_STACK", String(THREAD_STACK_BYTES)],
  ].filter((entry): entry is [string, string] => entry[1] !== undefined));
}
