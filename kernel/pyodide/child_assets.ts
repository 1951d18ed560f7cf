import type { RuntimeAssets } from "./assets.ts";
import { readWhenWanted } from "./deferred_file.ts";
import { readTrustedImage } from "./image_cache.ts";
import { readTrustedPackageImage } from "./package_image_file.ts";
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
  /** The image of installed packages that the interpreter starts from. @default none */
  packagesPath?: string;
  /** True when the interpreter itself is to be saved as an image. */
  recording?: boolean;
  /** The code of the shell; null: there is none. */
  shellPath: string | null;
}

/** Reads the assets of one interpreter with that much memory. The parent process has checked the files. */
export async function readAssets(
  paths: AssetPaths,
  memoryMiB: number,
): Promise<RuntimeAssets> {
  const { wasmPath, stdlibPath, imagePath, packageFiles, packagesPath, recording = false } = paths;
  const { shellPath } = paths;
  const stdlib = readWhenWanted(stdlibPath);
  const [module, image, packages] = await Promise.all([
    compileModule(wasmPath, memoryMiB * 2 ** 20),
    imagePath === null || packagesPath ? undefined : readTrustedImage(imagePath),
    packagesPath === undefined ? undefined : readTrustedPackageImage(packagesPath),
  ]);
  return {
    module,
    stdlib,
    packageFiles,
    recording,
    ...(shellPath !== null && { shell: readWhenWanted(shellPath) }),
    ...(image && { image }),
    ...(packages && { packages }),
  };
}
