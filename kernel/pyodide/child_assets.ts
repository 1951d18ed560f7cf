import type { RuntimeAssets } from "./assets.ts";
import { readWhenWanted } from "./deferred_file.ts";
import { readTrustedImage } from "./image_cache.ts";
import { compileModule } from "./wasm_memory.ts";

/** The places where an interpreter in another process finds its assets. */
export interface AssetPaths {
  /** Pyodide. */
  wasmPath: string;
  /** Python's standard library. */
  stdlibPath: string;
  /** The memory image; null: there is none. */
  imagePath: string | null;
  /** The sources of `deno_kernel`, by their path below site-packages. */
  packageFiles: Record<string, string>;
}

/** Reads the assets of one interpreter with that much memory. The parent process has checked the files. */
export async function readAssets(
  { wasmPath, stdlibPath, imagePath, packageFiles }: AssetPaths,
  memoryMiB: number,
): Promise<RuntimeAssets> {
  const stdlib = readWhenWanted(stdlibPath);
  const [module, image] = await Promise.all([
    compileModule(wasmPath, memoryMiB * 2 ** 20),
    imagePath === null ? undefined : readTrustedImage(imagePath),
  ]);
  return { module, stdlib, packageFiles, ...(image && { image }) };
}
