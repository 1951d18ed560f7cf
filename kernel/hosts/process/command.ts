import { fileURLToPath } from "node:url";
import type { EngineLimits } from "../../limits/limits.ts";
import { NetworkGrants } from "../../network/grants.ts";
import type { Grant, Permissions } from "../../permissions.ts";
import type { ProcessOptions } from "../../start_options.ts";

/** The start of a process: a program, its arguments and its environment. */
export interface ProcessCommand {
  program: string;
  args: string[];
  env: Record<string, string>;
}

/** Options for {@linkcode denoCommand}. */
export interface DenoCommandOptions {
  /** The main module. */
  entry: URL;
  /** The paths that the process reads to start. */
  readable: readonly string[];
  /** True when the process will become another user. */
  ownUser: boolean;
  /** True when the process will lock itself down; it then may call the C library (`--allow-ffi`). */
  locksDown: boolean;
  /** True when the process loads no modules but those in `readable`, and none from npm. */
  selfContained: boolean;
  /** The size of JavaScript's heap for the values of cells, in MiB; undefined: the values are elsewhere. */
  heapMiB?: number | undefined;
  /** The directory of compiled modules (`DENO_DIR`). @default the directory of this process */
  modules: string | undefined;
  /** The path of Deno for the process. @default the path of the Deno that runs this process */
  program?: string;
  /** The environment variable TZ, for a process that does not see the system's own setting. */
  timeZone?: string | undefined;
}

const CONFIG = fileURLToPath(new URL("../../../deno.json", import.meta.url));

/** The features that deno.json names. */
const UNSTABLE = ["worker-options", "no-legacy-abort"];
/** The writable memory of a kernel's process besides the interpreter's and its files', in MiB. */
const DATA_BASE_MIB = 2_048;
/** The open files of a kernel's process besides the interpreter's. */
const BASE_FILES = 64;
/** The most threads of a kernel with a user of its own. */
const MAX_THREADS = 128;
/**
 * The stack of JavaScript, and of the engine's own functions such as `JSON.parse`, in KiB: Deno gives the thread of
 * a worker 4 MiB, and an overflow has to be an error before that.
 */
const JAVASCRIPT_STACK_KIB = 3_500;
/**
 * The stack of a call of WebAssembly that may wait, in KiB. It is memory of its own, so that deep recursion in an
 * interpreter's C code raises an error.
 */
const STACK_KIB = 7_000;
/** The stack of each other thread, in bytes. */
const THREAD_STACK_BYTES = 8 * 2 ** 20;

/**
 * Settings of the C library's allocator: one arena, whose freed memory goes back to the system at once.
 * Otherwise each thread of the JavaScript engine would keep the memory that it frees.
 */
const MALLOC = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_TRIM_THRESHOLD_: "65536",
  MALLOC_MMAP_THRESHOLD_: "32768",
  MALLOC_TOP_PAD_: "0",
};

/** Returns the command that runs Deno with the permissions of a kernel, and those that its start needs. */
export function denoCommand(options: ProcessOptions, deno: DenoCommandOptions): ProcessCommand {
  const { permissions } = options;
  const { entry, readable, ownUser, locksDown, selfContained, heapMiB, program = Deno.execPath() } =
    deno;
  const read = permissions.read === true || [...(permissions.read || []), ...readable];
  const sys = permissions.sys === true ||
    [
      ...(permissions.sys || []),
      ...(ownUser ? ["setuid", "setgid"] : []),
      // The process reads the authorities that it trusts; the worker in it, which runs the kernel's code, does not.
      ...(permissions.net === false ? [] : ["ca"]),
    ];
  return {
    program,
    args: [
      "run",
      ...engineFlags({ allowEval: options.allowEval, heapMiB }, selfContained ? undefined : CONFIG),
      ...allow("read", read),
      ...allow("write", permissions.write),
      ...networkFlags(permissions.net),
      ...allow("env", permissions.env),
      ...allow("run", permissions.run),
      ...allow("ffi", locksDown || permissions.ffi),
      ...allow("sys", sys),
      ...allow("import", permissions.import),
      entry.href,
    ],
    env: environment(permissions.env, deno),
  };
}

/** The settings of the JavaScript engine in a kernel's process. */
export interface EngineFlags {
  /** Strings may become JavaScript code. */
  allowEval: boolean;
  /** The size of the heap for the values of cells, in MiB; undefined: the values are elsewhere. */
  heapMiB?: number | undefined;
}

/** The heap of an interpreter that keeps its values elsewhere, in MiB. */
const SMALL_HEAP_MIB = 256;

/** Returns the arguments of Deno for a kernel's process; with a `config` it may load npm packages. */
export function engineFlags(flags: EngineFlags, config?: string): string[] {
  return [
    "--quiet",
    "--no-prompt",
    ...config === undefined
      ? ["--no-config", "--no-lock", "--no-npm", ...UNSTABLE.map((it) => `--unstable-${it}`)]
      : [`--config=${config}`],
    "--no-remote",
    "--cached-only",
    `--v8-flags=${v8Flags(flags).join(",")}`,
  ];
}

/** Returns true when the permissions of a kernel allow something that needs a network. */
export function needsNetwork(permissions: Permissions): boolean {
  return permissions.net !== false || permissions.import !== false;
}

/** Returns the arguments of `prlimit` for a kernel with these limits. */
export function resourceLimits(
  { memoryMiB, filesMiB, openFiles }: EngineLimits,
  ownUser: boolean,
): string[] {
  return [
    `--data=${(DATA_BASE_MIB + memoryMiB + 2 * filesMiB) * 2 ** 20}`,
    `--nofile=${BASE_FILES + openFiles}`,
    ...(ownUser ? [`--nproc=${MAX_THREADS}`] : []),
    "--",
  ];
}

function v8Flags({ allowEval, heapMiB }: EngineFlags): string[] {
  return [
    `--max-old-space-size=${heapMiB ?? SMALL_HEAP_MIB}`,
    "--max-semi-space-size=1",
    "--optimize-for-size",
    // V8 optimises the interpreter's loop with assumptions about its calls that do not hold for the
    // first cell: each process would give up the fast code, run slow code and optimise again.
    "--no-wasm-deopt",
    `--stack-size=${JAVASCRIPT_STACK_KIB}`,
    `--wasm-stack-switching-stack-size=${STACK_KIB}`,
    ...(allowEval ? [] : ["--disallow-code-generation-from-strings"]),
  ];
}

function allow(kind: string, grant: Grant): string[] {
  if (grant === true) return [`--allow-${kind}`];
  if (grant === false || grant.length === 0) return [];
  return [`--allow-${kind}=${grant.map((entry) => entry.replaceAll(",", ",,")).join(",")}`];
}

/**
 * Returns the flags for the network, of which the worker in the process has the same. Private addresses are denied
 * whatever name leads to them, unless they were granted themselves.
 */
function networkFlags(net: Grant): string[] {
  if (!Array.isArray(net) || net.length === 0) return allow("net", net);
  return [...allow("net", net), `--deny-net=${new NetworkGrants(net).deniedAddresses().join(",")}`];
}

/** Returns the granted variables, and those that Deno and the C library need. */
function environment(
  grant: Grant,
  { modules, timeZone }: DenoCommandOptions,
): Record<string, string> {
  const { HOME, XDG_CACHE_HOME, DENO_DIR, ...others } = Deno.env.toObject();
  const caches = XDG_CACHE_HOME || (HOME && `${HOME}/.cache`);
  const cache = modules ?? (DENO_DIR || (caches && `${caches}/deno`));
  const all = { ...others, HOME, XDG_CACHE_HOME };
  const granted = grant === true
    ? Object.entries(all)
    : Object.entries(all).filter(([name]) => grant !== false && grant.includes(name));
  return Object.fromEntries([
    ["TZ", timeZone],
    ...granted,
    ...Object.entries(MALLOC),
    ...Object.entries({ DENO_DIR: cache, DENO_NO_UPDATE_CHECK: "1" }),
    ["RUST_MIN_STACK", String(THREAD_STACK_BYTES)],
  ].filter((entry): entry is [string, string] => entry[1] !== undefined));
}
