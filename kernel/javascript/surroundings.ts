/** The globals that cells find: those of Deno, as far as they are the kernel's own or were granted. */
import type { StreamName } from "../streams.ts";
import { denoFiles } from "./deno_files.ts";
import { type FileAccess } from "./file_access.ts";
import { withoutKernelFrames } from "./formats.ts";
import { HOOKS } from "./guards.ts";
import { NODE_VERSION } from "./node_process.ts";

/** Makes a console that hands on each text with its level; see {@linkcode LEVEL_ERROR}. */
type ConsoleClass = new (print: (text: string, level: number) => void) => Console;

/** Taken before the globals are reduced. */
const { Console: OwnConsole } = (Deno as unknown as Record<symbol, { Console: ConsoleClass }>)[
  (Deno as unknown as { internal: symbol }).internal
]!;

/** The level from which a text of the console is an error; below are notes and warnings. */
const LEVEL_WARNING = 2;

/** Everything that the globals are made of. */
export interface SurroundingsInit {
  files: FileAccess;
  /** `Deno.jupyter`. */
  jupyter: Record<string, unknown>;
  /** The kernel's environment, which cells may change. */
  env: Map<string, string>;
  /** Shows a text as output. */
  print(name: StreamName, text: string): void;
  /** Shows bytes as output. */
  write(name: StreamName, bytes: Uint8Array): void;
  /** Asks the user, and resolves with the answer; null: there is none. */
  ask(prompt: string, password: boolean): Promise<string>;
  /** The functions that the code of cells calls. */
  hooks: Record<keyof typeof HOOKS, unknown>;
  /** Returns a module of Node. */
  require(specifier: string): unknown;
}

/** The end of a program, which ends the cell and not the kernel. */
class Exit extends Error {
  override readonly name = "Exit";

  constructor(code: unknown) {
    super(`the program ended with code ${Number(code ?? 0)}; the kernel goes on`);
  }
}

/** Gives cells their globals. It is called once, when the worker's own globals have been reduced. */
export function furnish(init: SurroundingsInit): void {
  const { files, jupyter, env, print, write, ask, hooks } = init;
  const exit = (code?: unknown): never => {
    throw new Exit(code);
  };
  const output = (name: StreamName) => ({
    writeSync: (bytes: Uint8Array) => (write(name, bytes), bytes.length),
    write: (bytes: Uint8Array) => (write(name, bytes), Promise.resolve(bytes.length)),
    get writable() {
      return new WritableStream<Uint8Array>({ write: (bytes) => write(name, bytes) });
    },
    isTerminal: () => false,
  });
  const kept = Object.getOwnPropertyDescriptors(Deno);
  const own = {
    ...denoFiles(files),
    args: [],
    env: environment(env),
    exit,
    jupyter,
    mainModule: "file:///cell",
    noColor: true,
    stdout: output("stdout"),
    stderr: output("stderr"),
  };
  for (const name of Object.keys(own)) Reflect.deleteProperty(kept, name);
  const deno = Object.defineProperties({}, kept);
  define("Deno", Object.freeze(Object.assign(deno, own)), true);
  define(
    "console",
    new OwnConsole((text, level) => {
      print(level > LEVEL_WARNING - 1 ? "stderr" : "stdout", withoutKernelFrames(text));
    }),
    true,
  );
  Object.assign((globalThis as unknown as { process: object }).process, {
    argv: ["deno"],
    cwd: () => files.fs.cwd(),
    chdir: (path: string) => files.chdir(path),
    env: processEnvironment(env),
    exit,
    nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]) =>
      queueMicrotask(() => callback(...args)),
    platform: "linux",
    stdout: { write: (text: string | Uint8Array) => (writeText("stdout", text), true) },
    stderr: { write: (text: string | Uint8Array) => (writeText("stderr", text), true) },
    version: NODE_VERSION,
    versions: { node: NODE_VERSION.slice(1), deno: Deno.version.deno, v8: Deno.version.v8 },
  });
  define("require", (specifier: string) => init.require(specifier), true);
  define("input", (prompt = "", { password = false } = {}) => ask(String(prompt), password), true);
  define(
    "prompt",
    (message = "Prompt", preset = "") =>
      ask(`${message}${preset === "" ? "" : ` [${preset}]`} `, false).then((text) =>
        text || preset
      ),
    true,
  );
  define(
    "confirm",
    (message = "Confirm") => ask(`${message} [y/N] `, false).then((text) => /^y/i.test(text)),
    true,
  );
  define("alert", (message = "Alert") => ask(`${message} [Enter] `, false).then(() => {}), true);
  for (const [key, name] of Object.entries(HOOKS)) {
    define(name, hooks[key as keyof typeof HOOKS], false);
  }

  function writeText(name: StreamName, text: string | Uint8Array): void {
    if (typeof text === "string") print(name, text);
    else write(name, text);
  }
}

/** Defines a global; a `replaceable` one may be declared by cells as a variable of their own. */
function define(name: string, value: unknown, replaceable: boolean): void {
  Object.defineProperty(globalThis, name, {
    value,
    writable: replaceable,
    configurable: replaceable,
    enumerable: false,
  });
}

/** Makes `Deno.env` of the kernel's own variables. */
function environment(env: Map<string, string>) {
  return Object.freeze({
    get: (name: string) => env.get(name),
    set: (name: string, value: string) => void env.set(String(name), String(value)),
    has: (name: string) => env.has(name),
    delete: (name: string) => void env.delete(name),
    toObject: () => Object.fromEntries(env),
  });
}

/** Makes `process.env` of the kernel's own variables. */
export function processEnvironment(env: Map<string, string>): Record<string, string> {
  return new Proxy({}, {
    get: (_, name) => typeof name === "string" ? env.get(name) : undefined,
    set: (_, name, value) => (env.set(String(name), String(value)), true),
    has: (_, name) => env.has(String(name)),
    deleteProperty: (_, name) => (env.delete(String(name)), true),
    ownKeys: () => [...env.keys()],
    getOwnPropertyDescriptor: (_, name) => {
      const value = env.get(String(name));
      return value === undefined
        ? undefined
        : { value, writable: true, enumerable: true, configurable: true };
    },
  });
}
