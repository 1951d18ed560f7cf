/**
 * A program of Node in this thread: a realm of its own on the kernel's files, with its own globals, modules,
 * timers and streams. It is over when nothing is left that it waits for.
 */
import { Buffer } from "node:buffer";
import * as vm from "node:vm";
import type { FileSystem } from "../files/file_system.ts";
import type { StreamName } from "../streams.ts";
import { cellCode } from "./cell_code.ts";
import { FileAccess } from "./file_access.ts";
import { withoutKernelFrames } from "./formats.ts";
import { HOOKS } from "./guards.ts";
import { ModuleLoader } from "./module_loader.ts";
import { builtInModule, type ModuleExports } from "./modules.ts";
import { nodeFiles } from "./node_files.ts";
import { NODE_TTY, nodeConsole, nodeOs, nodeProcess } from "./node_process.ts";
import type { Parse } from "./parser.ts";
import { Pending } from "./pending.ts";
import { cellWithoutTypes } from "./typescript.ts";

/** Taken before user code runs. */
const { createContext, Script } = vm;

/** Options for {@linkcode Program}. */
export interface ProgramOptions {
  files: FileSystem;
  parse: Parse;
  env: Record<string, string>;
  /** The words of the command line after `node`. */
  args: string[];
  /** The bytes of the standard input. */
  stdin: Uint8Array;
  print(name: StreamName, text: string): void;
  /** Returns true when the program is to stop. */
  isStopped(): boolean;
  /** Shared memory of one number, not zero when it is worth asking `isStopped`. @default none */
  attention?: Int32Array | undefined;
  /** True when the kernel may use the network. */
  networked: boolean;
  /** Receives what the program displays, as a bundle; absent: programs display nothing. */
  display?(bundle: Record<string, unknown>): void;
}

/** The end of a program that nothing else may catch in its place. */
export class ProgramEnd extends Error {
  override readonly name = "ProgramEnd";
}

/** One program, or the cells of one session. */
export class Program {
  readonly #options: ProgramOptions;
  readonly #context: vm.Context;
  readonly #global: Record<string, unknown>;
  readonly #pending: Pending;
  readonly #loader: ModuleLoader;
  readonly #process: Record<string, unknown>;
  #exitCode: number | undefined;

  /** Makes the realm; nothing is executed yet. */
  constructor(options: ProgramOptions) {
    this.#options = options;
    const { files: fs, env, args, stdin, print, parse } = options;
    const files = new FileAccess(fs);
    this.#context = createContext({});
    this.#global = new Script("globalThis").runInContext(this.#context);
    this.#pending = new Pending({
      isStopped: () => options.isStopped() || this.#exitCode !== undefined,
      onError: (error) => this.fail(error),
    });
    this.#process = nodeProcess({
      files,
      env,
      argv: ["/usr/bin/node", ...args],
      stdin,
      print,
      exit: (code) => this.#exit(code),
    });
    const process = this.#process as ModuleExports;
    const own: Record<string, ModuleExports> = {
      ...nodeFiles(files, stdin),
      os: nodeOs(env),
      tty: NODE_TTY,
      process: { ...process, default: process },
      console: { default: nodeConsole(print) },
      ...this.#pending.modules,
      module: moduleModule((path) =>
        this.#loader.requireOf(
          String(path).replace(/^file:\/\//, "").replace(/\/[^/]*$/, "") || "/",
        )
      ),
    };
    this.#loader = new ModuleLoader({
      files,
      parse,
      context: this.#context,
      builtIn: (specifier, forPackage) => builtInModule(specifier, own, forPackage),
    });
    this.#furnish();
  }

  /** The exit code, when the program is over. */
  get exitCode(): number {
    return this.#exitCode ?? (Number(this.#process["exitCode"] ?? 0) & 0xff);
  }

  /** Executes a file, and waits until nothing is left to do. */
  async runFile(path: string): Promise<void> {
    await this.#run(() => this.#loader.runMain(path));
  }

  /** Executes code as if it were a file of the working directory, and waits until nothing is left to do. */
  async runText(code: string, name: string): Promise<void> {
    this.#predefine();
    await this.#run(() => this.#loader.runText(code, name, this.#options.files.cwd()));
  }

  /** Executes a cell, which finds the names of earlier ones; resolves with the value of its last expression. */
  async runCell(source: string, language: "javascript" | "typescript"): Promise<unknown> {
    this.#exitCode = undefined;
    let value: unknown;
    await this.#run(async () => {
      const cell = cellCode(
        language === "typescript" ? cellWithoutTypes(source) : source,
        this.#options.parse,
      );
      const result = new Script(cell.code, { filename: "cell" }).runInContext(this.#context);
      value = cell.waits ? ((await result) as { value?: unknown } | undefined)?.value : result;
    });
    return value;
  }

  /** Returns the value of an expression. */
  evaluate(code: string): unknown {
    this.#predefine();
    return new Script(code, { filename: "[eval]" }).runInContext(this.#context);
  }

  /** Takes an error that nothing in the program has caught; returns false when the program is over already. */
  fail(error: unknown): boolean {
    if (error instanceof ProgramEnd) return true;
    if (this.#exitCode !== undefined || !this.#pending.running) return false;
    this.#options.print("stderr", `Uncaught ${describe(error)}\n`);
    this.#exitCode = 1;
    return true;
  }

  async #run(work: () => Promise<void>): Promise<void> {
    try {
      await this.#pending.settle(work);
    } catch (error) {
      if (this.#options.isStopped()) throw error;
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (error instanceof ProgramEnd || this.#exitCode !== undefined) return;
    this.#options.print("stderr", `Uncaught ${describe(error)}\n`);
    this.#exitCode = 1;
  }

  #exit(code: number): never {
    this.#exitCode ??= code & 0xff;
    throw new ProgramEnd(`the program ended with code ${code}`);
  }

  /** Called by loops and functions. */
  #look(): void {
    const { attention, isStopped } = this.#options;
    if (this.#exitCode === undefined && !isStopped()) {
      if (attention) Atomics.store(attention, 0, 0);
      // A signal that came meanwhile is not lost: attention is asked for after it was sent.
      if (!isStopped()) return;
    }
    // All code that goes on comes here again.
    if (attention) Atomics.store(attention, 0, 1);
    throw new ProgramEnd("the program was stopped");
  }

  #furnish(): void {
    const { print, networked, files, display } = this.#options;
    const { attention = new Int32Array(1) } = this.#options;
    const cwd = () => files.cwd();
    const values: Record<string, unknown> = {
      ...sharedGlobals(),
      ...this.#pending.globals(networked),
      Buffer,
      console: nodeConsole(print),
      global: this.#global,
      process: this.#process,
      require: Object.assign((name: string) => this.#loader.require(name, cwd()), {
        resolve: (name: string) => this.#loader.requireOf(cwd()).resolve(name),
      }),
      ...(display && { display }),
    };
    for (const [name, value] of Object.entries(values)) define(this.#global, name, value, true);
    const hooks: Record<keyof typeof HOOKS, unknown> = {
      attention,
      interrupt: () => this.#look(),
      wait: (value: unknown) => value,
      import: async (name: string, wanted: string[] = []) => {
        const found = await this.#loader.import(String(name), cwd());
        // A name of a file in TypeScript may be that of a type.
        const missing = /\.[mc]?ts$/.test(name) ? undefined : wanted.find((it) => !(it in found));
        if (missing === undefined) return found;
        throw new SyntaxError(`The module "${name}" has no export named "${missing}"`);
      },
    };
    for (const [key, name] of Object.entries(HOOKS)) {
      define(this.#global, name, hooks[key as keyof typeof HOOKS], false);
    }
    // Errors come from this realm and from the kernel's, and programs ask for their class.
    new Script(
      "Object.defineProperty(Error,Symbol.hasInstance,{configurable:true,value(it){" +
        "return this===Error?Error.isError(it):Function.prototype[Symbol.hasInstance].call(this,it)}})",
    ).runInContext(this.#context);
  }

  /** Makes the modules of Node globals, as they are for code on the command line. */
  #predefine(): void {
    for (
      const name of ["assert", "buffer", "crypto", "events", "fs", "os", "path", "url", "util"]
    ) {
      if (name in this.#global) continue;
      Object.defineProperty(this.#global, name, {
        get: () => this.#loader.require(name, "/"),
        set: (value) => define(this.#global, name, value, true),
        configurable: true,
      });
    }
  }
}

/** Returns the text of an error as Node shows it: its stack without the frames of the kernel. */
export function describe(error: unknown): string {
  const inspect = builtInModule("util", {})!["inspect"] as (value: unknown) => string;
  if (!Error.isError(error)) return inspect(error);
  return withoutKernelFrames(inspect(error));
}

/** The globals that are the kernel's own objects: bytes and texts pass between both without copies. */
const SHARED = [
  ...["AbortController", "AbortSignal", "Blob", "ByteLengthQueuingStrategy", "CompressionStream"],
  ...["CountQueuingStrategy", "DOMException", "DecompressionStream", "Event", "EventTarget"],
  ...["CustomEvent", "File", "FormData", "Headers", "ReadableStream", "Request", "Response"],
  ...["TextDecoder", "TextDecoderStream", "TextEncoder", "TextEncoderStream", "TransformStream"],
  ...["URL", "URLSearchParams", "WritableStream", "atob", "btoa", "performance", "structuredClone"],
  ...["ArrayBuffer", "DataView", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array"],
  ...["Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array"],
  ...["BigInt64Array", "BigUint64Array"],
];

function sharedGlobals(): Record<string, unknown> {
  const own = globalThis as unknown as Record<string, unknown>;
  return Object.fromEntries(SHARED.filter((it) => it in own).map((it) => [it, own[it]]));
}

function moduleModule(createRequire: (path: unknown) => unknown): ModuleExports {
  const module = { createRequire, builtinModules: [], isBuiltin: () => false };
  return { ...module, default: module };
}

function define(target: object, name: string, value: unknown, replaceable: boolean): void {
  Object.defineProperty(target, name, {
    value,
    writable: replaceable,
    configurable: replaceable,
    enumerable: false,
  });
}
