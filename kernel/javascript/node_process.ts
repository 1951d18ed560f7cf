/** `process`, `os` and `console` of Node for programs and packages, on the kernel's own files and streams. */
import process from "node:process";
import { USUAL_UMASK } from "../files/file_system.ts";
import type { StreamName } from "../streams.ts";
import type { FileAccess } from "./file_access.ts";
import type { ModuleExports } from "./modules.ts";

/** The version of Node whose behaviour programs find. */
export const NODE_VERSION = "v24.0.0";

/** Taken before the globals are reduced and user code runs. */
const getBuiltin = (process as unknown as { getBuiltinModule(name: string): unknown })
  .getBuiltinModule;
const { performance: clock, queueMicrotask: queue } = globalThis;
const { version, build } = Deno;

/** Options for {@linkcode nodeProcess}. */
export interface NodeProcessOptions {
  files: FileAccess;
  /** The variables of the environment, which the program may change. */
  env: Record<string, string>;
  /** The words of the command line. */
  argv: string[];
  /** The bytes of the standard input. @default none */
  stdin?: Uint8Array;
  /** Shows output. */
  print(name: StreamName, text: string): void;
  /** Ends the program; does not return. */
  exit(code: number): never;
}

/** Makes the object `process`. */
export function nodeProcess(options: NodeProcessOptions): Record<string, unknown> {
  const { files, env, argv, stdin = new Uint8Array(), print, exit } = options;
  const { EventEmitter } = getBuiltin("node:events") as {
    EventEmitter: new () => Record<string, unknown>;
  };
  const started = clock.now();
  let input: unknown;
  const self: Record<string, unknown> = Object.assign(new EventEmitter(), {
    arch: build.arch === "aarch64" ? "arm64" : "x64",
    argv,
    argv0: "node",
    browser: false,
    chdir: (path: string) => files.chdir(path),
    cwd: () => files.fs.cwd(),
    emitWarning: (text: unknown) => print("stderr", `(node) Warning: ${text}\n`),
    env,
    execArgv: [],
    execPath: "/usr/bin/node",
    exit: (code?: number | string) => exit(Number(code ?? self["exitCode"] ?? 0)),
    exitCode: undefined,
    features: {},
    getegid: () => 1_000,
    geteuid: () => 1_000,
    getgid: () => 1_000,
    getuid: () => 1_000,
    hrtime: Object.assign(hrtime, { bigint: () => BigInt(Math.round(clock.now() * 1e6)) }),
    memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
    nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]) =>
      queue(() => callback(...args)),
    pid: 2,
    platform: "linux",
    ppid: 1,
    release: { name: "node" },
    stderr: outputStream("stderr", print),
    stdout: outputStream("stdout", print),
    title: "node",
    umask: () => USUAL_UMASK,
    uptime: () => (clock.now() - started) / 1_000,
    version: NODE_VERSION,
    versions: { node: NODE_VERSION.slice(1), deno: version.deno, v8: version.v8 },
  });
  Object.defineProperty(self, "stdin", { get: () => input ??= inputStream(stdin) });
  return self;
}

/** Makes the console of a program, which prints as Node does. */
export function nodeConsole(print: NodeProcessOptions["print"]): Console {
  const { Console: NodeConsole } = getBuiltin("node:console") as {
    Console: new (stdout: unknown, stderr: unknown) => Console;
  };
  return new NodeConsole(outputStream("stdout", print), outputStream("stderr", print));
}

function isatty(): boolean {
  return false;
}

/** The module `tty`: no stream is a terminal. */
export const NODE_TTY: ModuleExports = { isatty, default: { isatty } };

/** Makes the module `os`, about a machine that is no one's. */
export function nodeOs(env: Record<string, string | undefined>): ModuleExports {
  const os: ModuleExports = {
    EOL: "\n",
    arch: () => build.arch === "aarch64" ? "arm64" : "x64",
    availableParallelism: () => 1,
    cpus: () => [],
    endianness: () => "LE",
    freemem: () => 0,
    homedir: () => env["HOME"] ?? "/",
    hostname: () => "kernel",
    loadavg: () => [0, 0, 0],
    networkInterfaces: () => ({}),
    platform: () => "linux",
    release: () => "6",
    tmpdir: () => "/tmp",
    totalmem: () => 0,
    type: () => "Linux",
    uptime: () => clock.now() / 1_000,
    userInfo: () => ({ username: "user", uid: 1_000, gid: 1_000, homedir: env["HOME"] ?? "/" }),
  };
  return { ...os, default: os };
}

function hrtime(before?: [number, number]): [number, number] {
  const now = clock.now() / 1_000;
  const seconds = Math.floor(now);
  const nanoseconds = Math.floor((now - seconds) * 1e9);
  if (!before) return [seconds, nanoseconds];
  const difference = (seconds - before[0]) * 1e9 + nanoseconds - before[1];
  return [Math.floor(difference / 1e9), difference % 1e9];
}

function outputStream(
  name: StreamName,
  print: NodeProcessOptions["print"],
): unknown {
  const { Writable } = getBuiltin("node:stream") as {
    Writable: new (options: object) => Record<string, unknown>;
  };
  const decoder = new TextDecoder();
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _: unknown, done: () => void) {
      print(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
      done();
    },
  });
  return Object.assign(stream, { fd: name === "stdout" ? 1 : 2, isTTY: false, columns: 80 });
}

function inputStream(bytes: Uint8Array): unknown {
  const { Readable } = getBuiltin("node:stream") as {
    Readable: { from(chunks: unknown[], options: object): Record<string, unknown> };
  };
  const { Buffer } = getBuiltin("node:buffer") as { Buffer: { from(bytes: Uint8Array): unknown } };
  const chunks = bytes.length === 0 ? [] : [Buffer.from(bytes)];
  return Object.assign(Readable.from(chunks, { objectMode: false }), { fd: 0, isTTY: false });
}
