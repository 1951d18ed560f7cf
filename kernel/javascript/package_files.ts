/** Finds the files of modules as Node does: files, directories, and packages in `node_modules`. */
import { dirname, join, resolve } from "node:path/posix";
import type { FileAccess } from "./file_access.ts";

/** The way in which a module is asked for. */
export type ImportKind = "import" | "require";

/** The part of a `package.json` that tells where its modules are. */
interface PackageJson {
  name?: string;
  type?: string;
  main?: string;
  module?: string;
  exports?: unknown;
  imports?: unknown;
}

const ENDINGS = ["", ".js", ".mjs", ".cjs", ".json", ".ts", ".mts", ".cts"];
/** The conditions of a package's exports that hold here, besides the kind of the import. */
const CONDITIONS = ["node", "default"];

/** The directory of the packages that are there for all code, as in Linux. */
export const GLOBAL_PACKAGES = "/usr/lib/node_modules";

/** An error with the code that Node gives it. */
export function moduleError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Finds modules in the files of a kernel. */
export class PackageFiles {
  readonly #files: FileAccess;

  /** Reads nothing yet. */
  constructor(files: FileAccess) {
    this.#files = files;
  }

  /**
   * Returns the real path of the module that a module in `directory` asks for by that name.
   *
   * @throws {Error} with Node's code when there is none.
   */
  find(specifier: string, directory: string, kind: ImportKind): string {
    if (specifier.startsWith("file:")) specifier = this.#files.path(new URL(specifier));
    const [scheme] = /^[a-z][a-z0-9+.-]*:/i.exec(specifier) ?? [];
    if (scheme !== undefined) {
      throw moduleError(
        "ERR_UNSUPPORTED_ESM_URL_SCHEME",
        `Cannot import "${specifier}": nothing is imported by ${scheme} here; there are files, npm: and node:`,
      );
    }
    const found = /^(\.{0,2}\/|\.{1,2}$)/.test(specifier)
      ? this.#file(resolve(directory, specifier))
      : specifier.startsWith("#")
      ? this.#internal(specifier, directory, kind)
      : this.#package(specifier, directory, kind);
    if (found) return this.#files.realPath(found);
    if (kind === "require") {
      throw moduleError("MODULE_NOT_FOUND", `Cannot find module '${specifier}' from ${directory}`);
    }
    throw moduleError(
      "ERR_MODULE_NOT_FOUND",
      `Cannot import "${specifier}": the kernel has no such file, and no such package for ${directory}`,
    );
  }

  /** Returns true when the nearest `package.json` says that its `.js` files are ES modules; undefined: nothing is said. */
  isModule(path: string): boolean | undefined {
    const found = this.#scope(dirname(path));
    return found?.json.type === undefined ? undefined : found.json.type === "module";
  }

  #file(path: string): string | undefined {
    for (const ending of ENDINGS) {
      if (this.#isFile(path + ending)) return path + ending;
    }
    if (!this.#files.exists(path)) return undefined;
    const { main } = this.#json(path) ?? {};
    const named = main === undefined ? undefined : this.#file(join(path, main));
    if (named) return named;
    return ENDINGS.map((it) => join(path, `index${it}`)).find((it) => this.#isFile(it));
  }

  #package(specifier: string, directory: string, kind: ImportKind): string | undefined {
    const [, name = "", below = ""] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(specifier) ?? [];
    const scope = this.#scope(directory);
    if (scope?.json.name === name && scope.json.exports !== undefined) {
      return this.#exported(scope.root, scope.json.exports, `.${below}`, kind);
    }
    for (const at of directoriesOfPackages(directory)) {
      const root = join(at, name);
      if (!this.#files.exists(root)) continue;
      const json = this.#json(root) ?? {};
      if (json.exports !== undefined) {
        return this.#exported(root, json.exports, `.${below}`, kind);
      }
      if (below !== "") return this.#file(join(root, below));
      const module = kind === "import" && json.module ? this.#file(join(root, json.module)) : "";
      return module || this.#file(root);
    }
    return undefined;
  }

  #internal(specifier: string, directory: string, kind: ImportKind): string | undefined {
    const scope = this.#scope(directory);
    const target = scope && matchExports(scope.json.imports, specifier, kind);
    if (!scope || target === undefined) return undefined;
    return target.startsWith("./")
      ? this.#file(join(scope.root, target))
      : this.#package(target, scope.root, kind);
  }

  #exported(root: string, exports: unknown, below: string, kind: ImportKind): string {
    const target = matchExports(exports, below, kind);
    // A target that leads out of its package is none.
    const path = target?.startsWith("./") ? join(root, target) : undefined;
    if (path?.startsWith(`${root}/`) && this.#isFile(path)) return path;
    throw moduleError(
      "ERR_PACKAGE_PATH_NOT_EXPORTED",
      `Package subpath '${below}' is not exported by ${root}/package.json`,
    );
  }

  #scope(directory: string): { root: string; json: PackageJson } | undefined {
    for (let root = directory;; root = dirname(root)) {
      const json = this.#json(root);
      if (json) return { root, json };
      if (root === "/" || root.endsWith("/node_modules")) return undefined;
    }
  }

  #json(directory: string): PackageJson | undefined {
    const path = join(directory, "package.json");
    if (!this.#isFile(path)) return undefined;
    try {
      const json: unknown = JSON.parse(new TextDecoder().decode(this.#files.read(path)));
      return typeof json === "object" && json !== null ? json : {};
    } catch (cause) {
      throw new Error(`Cannot read ${path}: it is no JSON`, { cause });
    }
  }

  #isFile(path: string): boolean {
    return this.#files.exists(path) && this.#files.fs.isFile(this.#files.stat(path).mode);
  }
}

/** Lists the directories in which code of a directory looks for packages. */
function directoriesOfPackages(directory: string): string[] {
  const found = [];
  for (let at = directory;; at = dirname(at)) {
    found.push(join(at, "node_modules"));
    if (at === "/") return [...found, GLOBAL_PACKAGES];
  }
}

/** Returns the target of a path in a package's `exports` or `imports`, with Node's rules. */
function matchExports(exports: unknown, path: string, kind: ImportKind): string | undefined {
  const isMap = typeof exports === "object" && exports !== null && !Array.isArray(exports) &&
    Object.keys(exports).some((key) => /^[.#]/.test(key));
  if (!isMap) return path === "." ? targetOf(exports, "", kind) : undefined;
  const map = exports as Record<string, unknown>;
  if (Object.hasOwn(map, path) && !path.includes("*")) return targetOf(map[path], "", kind);
  const patterns = Object.keys(map).filter((key) => key.includes("*"))
    .toSorted((a, b) => b.indexOf("*") - a.indexOf("*") || b.length - a.length);
  for (const pattern of patterns) {
    const [head = "", tail = ""] = pattern.split("*");
    const matches = path.startsWith(head) && path.endsWith(tail) &&
      path.length > head.length + tail.length - (tail === "" ? 0 : 1);
    if (!matches) continue;
    return targetOf(map[pattern], path.slice(head.length, path.length - tail.length), kind);
  }
  return undefined;
}

function targetOf(target: unknown, star: string, kind: ImportKind): string | undefined {
  if (typeof target === "string") return target.replaceAll("*", () => star);
  if (Array.isArray(target)) {
    return target.map((it) => targetOf(it, star, kind)).find((it) => it !== undefined);
  }
  if (typeof target !== "object" || target === null) return undefined;
  for (const [condition, value] of Object.entries(target)) {
    if (condition !== kind && !CONDITIONS.includes(condition)) continue;
    const found = targetOf(value, star, kind);
    if (found !== undefined) return found;
  }
  return undefined;
}
