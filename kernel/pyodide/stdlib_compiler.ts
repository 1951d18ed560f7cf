import type { RuntimeAssets } from "./assets.ts";
import { bootPyodide } from "./boot.ts";
import { preloadedModules } from "./preloaded.ts";

/**
 * Starts an interpreter that compiles its standard library, and returns the zip file with a compiled
 * file for each module that the memory image lacks. It leaves an interpreter behind, so run it in a
 * worker of its own.
 */
export async function compileStdlib(assets: RuntimeAssets): Promise<Uint8Array<ArrayBuffer>> {
  let fatal: unknown;
  const { pyodide, module } = await bootPyodide(assets, { onFatal: (error) => fatal = error });
  const path = pyodide.runPython(
    `import ${preloadedModules(assets.packageFiles).join(", ")}, sys\n` +
      "archive = next(entry for entry in sys.path if entry.endswith('.zip'))\n" +
      "deno_kernel.packages.bytecode.compile_archive(archive)\narchive",
  ) as string;
  if (fatal) throw fatal;
  return new Uint8Array(module.FS.readFile(path));
}
