/** The modules that are no files: Node's, as far as they are of use, and those of granted hosts. */
import process from "node:process";

/** A module's exports, by name. */
export type ModuleExports = Record<string, unknown>;

/** Taken before the globals are reduced and user code runs. Modules are made when they are first asked for. */
const getBuiltin = (process as unknown as { getBuiltinModule(name: string): object | undefined })
  .getBuiltinModule;

/** The modules of Node that work on values and not on this machine. */
const PURE: ReadonlySet<string> = new Set([
  "assert",
  "assert/strict",
  "async_hooks",
  "buffer",
  "constants",
  "crypto",
  "diagnostics_channel",
  "events",
  "path",
  "path/posix",
  "perf_hooks",
  "punycode",
  "querystring",
  "readline",
  "readline/promises",
  "stream",
  "stream/consumers",
  "stream/promises",
  "stream/web",
  "string_decoder",
  "timers",
  "timers/promises",
  "url",
  "util",
  "util/types",
  "zlib",
]);

/** Options for {@linkcode Modules}. */
export interface ModulesOptions {
  /** The kernel's own versions of modules of Node, by their names without `node:`. */
  own: Readonly<Record<string, ModuleExports>>;
  /** Imports a module of the kernel's files and packages. */
  load(specifier: string): Promise<ModuleExports>;
  /** Returns a module of the kernel's files and packages, as `require` does. */
  require(specifier: string): unknown;
  /** Imports a module of the network, which Deno allows for granted hosts only. */
  importRemote: (address: string) => Promise<ModuleExports>;
}

/** Finds the modules that the cells of one kernel import. */
export class Modules {
  readonly #options: ModulesOptions;

  /** Loads nothing yet. */
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
    // A name of a file in TypeScript may be that of a type.
    const mayBeType = /\.[mc]?ts$/.test(specifier);
    for (const name of names) {
      if (name in found || mayBeType) continue;
      throw new SyntaxError(`The module "${specifier}" has no export named "${name}"`);
    }
    return found;
  }

  /** Returns a module, as `require` does. */
  require(specifier: string): unknown {
    const found = this.builtIn(String(specifier));
    return found ? found["default"] ?? found : this.#options.require(String(specifier));
  }

  /**
   * Returns a module of Node; undefined for other names.
   *
   * @throws {TypeError} for a module that kernels do not have.
   */
  builtIn(specifier: string, forPackage = false): ModuleExports | undefined {
    return builtInModule(specifier, this.#options.own, forPackage);
  }

  async #find(specifier: string): Promise<ModuleExports> {
    const builtIn = this.builtIn(specifier);
    if (builtIn) return builtIn;
    if (/^https?:\/\//.test(specifier)) return await this.#options.importRemote(specifier);
    return await this.#options.load(specifier);
  }
}

/**
 * Returns a module of Node, one of a kernel's own versions first; undefined for a name that is none of Node's.
 * A package may name modules that kernels do not have, and use them only elsewhere: it gets them with functions
 * that throw.
 *
 * @throws {TypeError} for a module that kernels do not have.
 */
export function builtInModule(
  specifier: string,
  own: Readonly<Record<string, ModuleExports>>,
  forPackage = false,
): ModuleExports | undefined {
  const name = specifier.replace(/^node:/, "");
  if (Object.hasOwn(own, name)) return own[name];
  if (PURE.has(name)) {
    const module = getBuiltin(`node:${name}`) as ModuleExports;
    return { ...module, default: module };
  }
  if (!specifier.startsWith("node:") && !MACHINE.has(name)) return undefined;
  if (forPackage && (MACHINE.has(name) || getBuiltin(`node:${name}`))) return withoutMachine(name);
  throw new TypeError(`Cannot import "${specifier}": kernels do not have this module of Node`);
}

/** Makes a module of the names of another one, whose functions throw. */
function withoutMachine(name: string): ModuleExports {
  const names = Object.entries(getBuiltin(`node:${name}`) ?? {});
  const module = Object.fromEntries(
    names.filter(([member]) => member !== "default").map(([member, value]) => [
      member,
      typeof value === "function"
        ? function () {
          throw new TypeError(
            `Cannot call ${name}.${member}: kernels do not have this module of Node`,
          );
        }
        : Array.isArray(value)
        ? value.filter((it) => typeof it === "string")
        : typeof value === "object"
        ? {}
        : value,
    ]),
  );
  return { ...module, default: module };
}

/** The modules of Node that reach the machine, and so are not there. */
const MACHINE: ReadonlySet<string> = new Set([
  "child_process",
  "cluster",
  "dgram",
  "dns",
  "http",
  "http2",
  "https",
  "inspector",
  "net",
  "repl",
  "tls",
  "trace_events",
  "v8",
  "vm",
  "worker_threads",
]);
