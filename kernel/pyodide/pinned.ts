/** Facts of the Pyodide that this library is pinned to. A new version changes this file first. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Its version. */
export const PYODIDE_VERSION = "314.0.7";
/** Its binary interface; Pyodide refuses to start with a list of packages for another. */
export const ABI_VERSION = "2026_0";
/** The minor version of its Python 3. */
export const PYTHON_MINOR = 14;

/** The home directory of its Python, and the working directory of kernels that name none. */
export const HOME = "/home/pyodide";

/** Returns the path of one of its files. */
export function assetPath(name: string): string {
  return fileURLToPath(import.meta.resolve(`npm:pyodide@314.0.7/${name}`));
}

/** Returns the path of its WebAssembly: what set-up makes, or the stock file where set-up has not been run. */
export function wasmPath(): string {
  const made = fileURLToPath(new URL("../../dist/kernel/pyodide.asm.wasm", import.meta.url));
  return existsSync(made) ? made : assetPath("pyodide.asm.wasm");
}
