import { compileModule, type RuntimeAssets } from "./assets.ts";
import { readWhenWanted } from "./deferred_file.ts";
import { readTrustedImage } from "./image_cache.ts";
import type { KernelLimits } from "../limits/limits.ts";

/** Where a process kernel finds what its interpreter starts from. */
export interface AssetPaths {
  wasmPath: string;
  stdlibPath: string;
  /** null: there is none. */
  imagePath: string | null;
  packageFiles: Record<string, string>;
  limits: KernelLimits;
}

/** Reads what one kernel starts from, for it alone. The parent has checked the files. */
export async function readAssets(paths: AssetPaths): Promise<RuntimeAssets> {
  const { wasmPath, stdlibPath, imagePath, packageFiles, limits } = paths;
  const stdlib = readWhenWanted(stdlibPath);
  const [module, image] = await Promise.all([
    compileModule(wasmPath, limits.memoryMb * 2 ** 20),
    imagePath === null ? undefined : readTrustedImage(imagePath),
  ]);
  return { module, stdlib, packageFiles, ...(image && { image }) };
}
