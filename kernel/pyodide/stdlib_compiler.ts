import type { RuntimeAssets } from "./assets.ts";
import { bootPyodide } from "./boot.ts";
import { preloadedModules } from "./preloaded.ts";

/**
 * Starts an interpreter and has it compile its standard library: the archive, with compiled files of
 * what the memory image does not have. It leaves an interpreter behind, as {@linkcode buildImage} does.
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
