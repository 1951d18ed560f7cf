/** Executes the modules that are files of a kernel: ES modules, CommonJS and JSON. */
import { dirname } from "node:path/posix";
import * as vm from "node:vm";
import { Edits } from "./edits.ts";
import type { FileAccess } from "./file_access.ts";
import { closeGuard, openGuard } from "./guards.ts";
import type { ModuleExports } from "./modules.ts";
import type { NpmPackages } from "./npm_packages.ts";
import { moduleError, PackageFiles } from "./package_files.ts";
import { childrenOf, type Parse, parseFile, type SyntaxNode } from "./parser.ts";
import { fileWithoutTypes, withoutTypes } from "./typescript.ts";

/** A module of `node:vm`, whose types Deno's declarations lack. */
interface VmModule {
  readonly status: string;
  readonly namespace: ModuleExports;
  setExport(name: string, value: unknown): void;
  link(linker: (specifier: string) => Promise<VmModule>): Promise<void>;
  evaluate(): Promise<void>;
}
interface VmModuleOptions {
  identifier: string;
  context?: vm.Context;
  initializeImportMeta?(meta: Record<string, unknown>): void;
  importModuleDynamically?(specifier: string): Promise<VmModule>;
}
/** Taken before user code runs. */
const { Script, SourceTextModule, SyntheticModule } = vm as unknown as {
  Script: typeof vm.Script;
  SourceTextModule: new (source: string, options: VmModuleOptions) => VmModule;
  SyntheticModule: new (
    names: string[],
    evaluate: (this: VmModule) => void,
    options: VmModuleOptions,
  ) => VmModule;
};

/** Options for {@linkcode ModuleLoader}. */
export interface ModuleLoaderOptions {
  files: FileAccess;
  parse: Parse;
  /** The realm in which modules are executed. @default the one of this thread */
  context?: vm.Context;
  /** Returns a module that is no file, such as one of Node, for code of a package or other code; undefined: it is a file. */
  builtIn(specifier: string, forPackage: boolean): ModuleExports | undefined;
  /** Gets a package that is not in the files; absent: there are none. */
  packages?: Pick<NpmPackages, "get">;
}

/** A CommonJS module. */
interface CommonModule {
  exports: unknown;
  id: string;
  filename: string;
  loaded: boolean;
  children: never[];
  paths: never[];
  require?: Require;
}
/** The function `require` of a module. */
export interface Require {
  (specifier: string): unknown;
  /** Returns the path of a module. */
  resolve(specifier: string): string;
  cache: Record<string, never>;
  main: unknown;
}

/** Loads modules of a kernel's files, each of them once. */
export class ModuleLoader {
  readonly #options: ModuleLoaderOptions;
  readonly #packages: PackageFiles;
  readonly #modules = new Map<string, Promise<VmModule>>();
  readonly #common = new Map<string, CommonModule>();
  /** The modules are linked one graph after the other. */
  #linking: Promise<unknown> = Promise.resolve();

  /** Loads nothing yet. */
  constructor(options: ModuleLoaderOptions) {
    this.#options = options;
    this.#packages = new PackageFiles(options.files);
  }

  /** Imports a module for code in that directory; resolves with its exports. */
  async import(specifier: string, directory: string): Promise<ModuleExports> {
    const module = await this.#module(specifier, directory);
    return (await this.#evaluated(module)).namespace;
  }

  /** Returns the exports of a module, as CommonJS code in that directory requires it. */
  require(specifier: string, directory: string): unknown {
    const builtIn = this.#options.builtIn(specifier, isPackage(directory));
    if (builtIn) return builtIn["default"] ?? builtIn;
    return this.#requireFile(this.#packages.find(specifier, directory, "require"));
  }

  /** Makes the function `require` for code in that directory. */
  requireOf(directory: string, main?: unknown): Require {
    const require = (specifier: string) => {
      if (typeof specifier !== "string") throw new TypeError("The name of a module is a string");
      return this.require(specifier, directory);
    };
    const find = (specifier: string) =>
      this.#options.builtIn(specifier, isPackage(directory))
        ? specifier
        : this.#packages.find(specifier, directory, "require");
    return Object.assign(require, { resolve: find, cache: {}, main });
  }

  /** Executes a file as the main program. */
  async runMain(path: string): Promise<void> {
    const real = this.#packages.find(path, "/", "require");
    if (this.#isModule(real)) await this.import(real, "/");
    else this.#requireFile(real, true);
  }

  /** Executes code as the main program, as if it were a file of that directory. */
  async runText(code: string, name: string, directory: string): Promise<void> {
    const path = `${directory}/${name}`;
    if (!this.#looksLikeModule(code)) return void this.#executeCommon(code, path, true);
    await this.#evaluated(this.#compile(code, path));
  }

  async #module(specifier: string, directory: string): Promise<VmModule> {
    const forPackage = isPackage(directory);
    const own = this.#options.builtIn(specifier, forPackage);
    if (own) {
      const key = `builtin:${forPackage ? "package:" : ""}${specifier}`;
      return await this.#once(key, () => this.#synthetic(specifier, own));
    }
    const path = await this.#path(specifier, directory);
    return await this.#once(path, () => this.#load(path));
  }

  async #path(specifier: string, directory: string): Promise<string> {
    const { packages } = this.#options;
    if (packages && specifier.startsWith("npm:")) {
      const found = await packages.get(specifier.slice("npm:".length));
      return this.#packages.find(found.specifier, found.directory, "import");
    }
    try {
      return this.#packages.find(specifier, directory, "import");
    } catch (error) {
      // The packages of a package are beside it; other code gets the newest.
      const isMissing = (error as { code?: unknown }).code === "ERR_MODULE_NOT_FOUND";
      const isBare = !/^[./#]|^[a-z]+:/.test(specifier) && !isPackage(directory);
      if (!packages || !isMissing || !isBare) throw error;
      const found = await packages.get(specifier);
      return this.#packages.find(found.specifier, found.directory, "import");
    }
  }

  #once(key: string, make: () => VmModule): Promise<VmModule> {
    let module = this.#modules.get(key);
    if (!module) {
      module = Promise.try(make);
      this.#modules.set(key, module);
      module.catch(() => this.#modules.delete(key)); // The file may be mended.
    }
    return module;
  }

  #load(path: string): VmModule {
    if (this.#isModule(path)) return this.#compile(this.#text(path), path);
    const exports = this.#requireFile(path);
    const names = typeof exports === "object" && exports !== null || typeof exports === "function"
      ? exports as ModuleExports
      : {};
    return this.#synthetic(path, { ...names, default: exports });
  }

  #compile(source: string, path: string): VmModule {
    const directory = dirname(path);
    const text = isTypeScript(path) ? fileWithoutTypes(source, this.#options.parse) : source;
    const code = this.#guarded(text, "module", path);
    return new SourceTextModule(code, {
      identifier: path,
      ...this.#context,
      initializeImportMeta: (meta) => {
        const resolve = (name: string) =>
          `file://${this.#packages.find(name, directory, "import")}`;
        Object.assign(meta, {
          url: `file://${path}`,
          filename: path,
          dirname: directory,
          main: false,
          resolve,
        });
      },
      importModuleDynamically: async (specifier) =>
        await this.#evaluated(await this.#module(specifier, directory)),
    });
  }

  /** Links a module with those that it imports, and executes all of them. */
  async #evaluated(module: VmModule): Promise<VmModule> {
    const linking = this.#linking.then(async () => {
      if (module.status === "unlinked") await this.#link(module);
    });
    this.#linking = linking.catch(() => {});
    await linking;
    await module.evaluate();
    return module;
  }

  async #link(module: VmModule): Promise<void> {
    // The linker is told which module asks, whose identifier is its path.
    const linker = (specifier: string, from: { identifier: string }) =>
      this.#module(specifier, dirname(from.identifier));
    await module.link(linker as (specifier: string) => Promise<VmModule>);
  }

  #synthetic(identifier: string, exports: ModuleExports): VmModule {
    const all: ModuleExports = "default" in exports ? exports : { ...exports, default: exports };
    const names = Object.keys(all);
    return new SyntheticModule(names, function () {
      for (const name of names) this.setExport(name, all[name]);
    }, { identifier, ...this.#context });
  }

  #requireFile(path: string, isMain = false): unknown {
    const known = this.#common.get(path);
    if (known) return known.exports;
    if (path.endsWith(".json")) {
      const module = commonModule(path);
      module.exports = JSON.parse(this.#text(path));
      this.#common.set(path, module);
      return module.exports;
    }
    if (path.endsWith(".node")) {
      throw moduleError("ERR_DLOPEN_FAILED", `Cannot load ${path}: kernels run no machine code`);
    }
    if (this.#isModule(path)) {
      throw moduleError(
        "ERR_REQUIRE_ESM",
        `require() cannot load ${path}: it is an ES module; use import() instead`,
      );
    }
    return this.#executeCommon(this.#text(path), path, isMain);
  }

  #executeCommon(source: string, path: string, isMain: boolean): unknown {
    const directory = dirname(path);
    const module = commonModule(path);
    this.#common.set(path, module);
    const text = (isTypeScript(path) ? withoutTypes(source) : source).replace(/^#!/, "//");
    const code = this.#guarded(text, "script", path);
    const script = new Script(
      `(function(exports,require,module,__filename,__dirname){${code}\n})`,
      {
        filename: path,
        // The namespace of a module is what `import` gives; Deno's declarations lack the option's second form.
        importModuleDynamically:
          (async (specifier: string) =>
            await this.#evaluated(await this.#module(specifier, directory))) as never,
      },
    );
    const { context } = this.#options;
    const run = (context ? script.runInContext(context) : script.runInThisContext()) as (
      this: unknown,
      ...args: unknown[]
    ) => void;
    try {
      const require = module.require = this.requireOf(directory, isMain ? module : undefined);
      run.call(module.exports, module.exports, require, module, path, directory);
      module.loaded = true;
      return module.exports;
    } catch (error) {
      this.#common.delete(path);
      throw error;
    }
  }

  /** Returns code that looks for interrupts; code that the parser does not know stays as it is. */
  #guarded(code: string, sourceType: "module" | "script", path: string): string {
    // Packages are many and large, and compute in small steps.
    if (isPackage(path)) return code;
    const edits = new Edits(code);
    const visit = (node: SyntaxNode) => {
      openGuard(edits, node);
      for (const child of childrenOf(node)) visit(child);
      closeGuard(edits, node);
    };
    try {
      visit(parseFile(code, sourceType, this.#options.parse));
    } catch {
      return code;
    }
    return edits.apply();
  }

  #isModule(path: string): boolean {
    if (/\.m[jt]s$/.test(path)) return true;
    if (!/\.[jt]s$/.test(path)) return false;
    return this.#packages.isModule(path) ??
      this.#looksLikeModule(isTypeScript(path) ? withoutTypes(this.#text(path)) : this.#text(path));
  }

  /** Returns true for code that only a module can have. */
  #looksLikeModule(code: string): boolean {
    if (!/\b(import|export|await)\b/.test(code)) return false;
    const parses = (sourceType: "module" | "script") => {
      try {
        parseFile(code, sourceType, this.#options.parse);
        return true;
      } catch {
        return false;
      }
    };
    return !parses("script") && parses("module");
  }

  #text(path: string): string {
    return new TextDecoder().decode(this.#options.files.read(path));
  }

  get #context(): { context?: vm.Context } {
    const { context } = this.#options;
    return context ? { context } : {};
  }
}

/** Returns true for a path in a package. */
function isPackage(path: string): boolean {
  return path.includes("/node_modules/");
}

function isTypeScript(path: string): boolean {
  return /\.[mc]?ts$/.test(path);
}

function commonModule(path: string): CommonModule {
  return { exports: {}, id: path, filename: path, loaded: false, children: [], paths: [] };
}
