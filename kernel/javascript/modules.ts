/** The modules that cells can import. Those that reach the host are the kernel's own versions. */
import * as assert from "node:assert";
import * as assertStrict from "node:assert/strict";
import * as buffer from "node:buffer";
import * as crypto from "node:crypto";
import * as events from "node:events";
import * as path from "node:path";
import * as pathPosix from "node:path/posix";
import * as performance from "node:perf_hooks";
import * as querystring from "node:querystring";
import * as stream from "node:stream";
import * as streamPromises from "node:stream/promises";
import * as stringDecoder from "node:string_decoder";
import * as timers from "node:timers";
import * as timersPromises from "node:timers/promises";
import * as url from "node:url";
import * as util from "node:util";

/** A module's exports, by name. */
export type ModuleExports = Record<string, unknown>;

/** The modules of Node that work on values and not on this machine. */
const PURE: Readonly<Record<string, object>> = {
  "assert": assert,
  "assert/strict": assertStrict,
  "buffer": buffer,
  "crypto": crypto,
  "events": events,
  "path": path,
  "path/posix": pathPosix,
  "perf_hooks": performance,
  "querystring": querystring,
  "stream": stream,
  "stream/promises": streamPromises,
  "string_decoder": stringDecoder,
  "timers": timers,
  "timers/promises": timersPromises,
  "url": url,
  "util": util,
};

/** Options for {@linkcode Modules}. */
export interface ModulesOptions {
  /** The kernel's own versions of modules of Node, by their names without `node:`. */
  own: Readonly<Record<string, ModuleExports>>;
  /** Executes a module of the kernel's files, and returns its exports; undefined: there is no such file. */
  load(path: string): Promise<ModuleExports> | undefined;
  /** Imports a module of the network, which Deno allows for granted hosts only. */
  importRemote: (address: string) => Promise<ModuleExports>;
}

/** Finds the modules that the cells of one kernel import. */
export class Modules {
  readonly #options: ModulesOptions;

  constructor(options: ModulesOptions) {
    this.#options = options;
  }

  /**
   * Imports a module, and checks that it exports these names.
   *
   * @throws {TypeError} naming the module and the reason.
   */
  async import(specifier: string, names: readonly string[] = []): Promise<ModuleExports> {
    const found = await this.#find(String(specifier));
    for (const name of names) {
      if (name in found) continue;
      throw new SyntaxError(`The module "${specifier}" has no export named "${name}"`);
    }
    return found;
  }

  /** Returns a module of Node, as `require` does. */
  require(specifier: string): unknown {
    const found = this.#builtIn(String(specifier));
    if (found) return found["default"] ?? found;
    throw new TypeError(refusal(specifier));
  }

  async #find(specifier: string): Promise<ModuleExports> {
    const builtIn = this.#builtIn(specifier);
    if (builtIn) return builtIn;
    if (/^https?:\/\//.test(specifier)) return await this.#options.importRemote(specifier);
    if (/^(\.{0,2}\/|file:\/\/)/.test(specifier)) {
      const loaded = this.#options.load(specifier.replace(/^file:\/\//, ""));
      if (loaded) return await loaded;
      throw new TypeError(`Cannot import "${specifier}": the kernel has no such file`);
    }
    throw new TypeError(refusal(specifier));
  }

  #builtIn(specifier: string): ModuleExports | undefined {
    const name = specifier.replace(/^node:/, "");
    const { own } = this.#options;
    if (Object.hasOwn(own, name)) return own[name];
    // The object of a module has its exports, whatever type its declarations give it.
    return Object.hasOwn(PURE, name) ? PURE[name] as ModuleExports : undefined;
  }
}

function refusal(specifier: string): string {
  const reason = /^(npm|jsr):/.test(specifier)
    ? "kernels have no packages of JavaScript; use Node's modules, files of the kernel, or an address that " +
      "importing was granted from"
    : specifier.startsWith("node:")
    ? "kernels do not have this module of Node"
    : "use the name of a module of Node, a path of the kernel's files, or an address";
  return `Cannot import "${specifier}": ${reason}`;
}
