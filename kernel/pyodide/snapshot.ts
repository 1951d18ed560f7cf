import type { RuntimeAssets } from "./assets.ts";
import { bootPyodide, freshMemory } from "./boot.ts";
import { share } from "./bytes.ts";
import { GLUE_ID } from "./glue.ts";
import { diffMemory, type MemoryImage } from "./image.ts";
import { preloadedModules } from "./preloaded.ts";

/**
 * Starts an interpreter, imports the preloaded modules and returns an image of its memory. It blocks this
 * thread for seconds and leaves an interpreter behind, so run it in a worker of its own.
 */
export async function buildImage(assets: RuntimeAssets): Promise<MemoryImage> {
  const fresh = [await freshMemory(assets), await freshMemory(assets)] as const;
  let fatal: unknown;
  const { pyodide, module } = await bootPyodide(assets, {
    recording: true,
    onFatal: (error) => fatal = error,
  });
  const modules = preloadedModules(assets.packageFiles);
  const names = new Set(modules.map((name) => name.split(".")[0]));
  pyodide.runPython(
    `import gc\nimport ${modules.join(", ")}\n` +
      "deno_kernel.imports.import_hooks.preload()\n" +
      `del ${[...names].join(", ")}\n` +
      "gc.collect()\ngc.freeze()\ndel gc",
  );
  if (fatal) throw fatal;
  const references = module.API.serializeHiwireState();
  const image = diffMemory(module.HEAPU8, fresh, references);
  return { ...image, pages: share(image.pages), glueId: GLUE_ID };
}
