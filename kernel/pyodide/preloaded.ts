/** The modules that cells tend to import first. */
const COMMON: readonly string[] = [
  "base64",
  "collections",
  "contextlib",
  "csv",
  "dataclasses",
  "datetime",
  "enum",
  "functools",
  "hashlib",
  "io",
  "itertools",
  "json",
  "math",
  "os",
  "pathlib",
  "random",
  "re",
  "statistics",
  "string",
  "tempfile",
  "textwrap",
  "time",
  "typing",
  "urllib.parse",
  "uuid",
];

/**
 * Modules that need a package that is not installed, or that stand in for one until it is. A few of the latter
 * come with `import_hooks.preload`.
 */
const LATER =
  /^deno_kernel\/(figures\/matplotlib_backend\.py|magics\/(javascript|shell|sql)\.py|stand_ins\/)/;

/**
 * Lists the modules that are imported into the image: those of the kernel's own package, whose sources
 * would otherwise be compiled at every start, and those that cells tend to import first.
 */
export function preloadedModules(packageFiles: Record<string, string>): string[] {
  const own = Object.keys(packageFiles).filter((path) => path.endsWith(".py") && !LATER.test(path));
  return [...own.map(moduleName).toSorted(), ...COMMON];
}

/** Returns `a.b` for `a/b.py`, and `a` for `a/__init__.py`. */
function moduleName(path: string): string {
  return path.replace(/(\/__init__)?\.py$/, "").replaceAll("/", ".");
}
