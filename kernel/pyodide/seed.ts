/** The files that Python starts from inside of a kernel of another language, which most of those never do. */
import type { RuntimeAssets } from "./assets.ts";
import type { AssetPaths } from "./child_assets.ts";
import { contentsOf, type DeferredFile, readWhenWanted } from "./deferred_file.ts";
import { decodeImage } from "./image_cache.ts";
import { limitWasmMemory } from "./wasm_memory.ts";

/** The files of the assets, which are read when they are wanted. */
export interface PythonSeed {
  wasm: DeferredFile;
  image?: DeferredFile;
  stdlib: DeferredFile;
  shell?: DeferredFile;
  packageFiles: Record<string, string>;
}

/** Opens the files of the assets; the parent process has checked them. */
export function openSeed(paths: AssetPaths): PythonSeed {
  const { wasmPath, stdlibPath, imagePath, packageFiles, shellPath } = paths;
  return {
    wasm: readWhenWanted(wasmPath),
    stdlib: readWhenWanted(stdlibPath),
    packageFiles,
    ...(shellPath !== null && { shell: readWhenWanted(shellPath) }),
    ...(imagePath !== null && { image: readWhenWanted(imagePath) }),
  };
}

/** Makes the assets of an interpreter with that much memory. */
export async function assetsOf(
  seed: RuntimeAssets | PythonSeed,
  memoryMiB: number,
): Promise<RuntimeAssets> {
  if ("module" in seed) return seed;
  const { stdlib, packageFiles, image, shell } = seed;
  const wasm = bytesOf(seed.wasm, "Pyodide");
  limitWasmMemory(wasm, memoryMiB * 2 ** 20);
  return {
    module: await WebAssembly.compile(wasm),
    stdlib,
    packageFiles,
    ...(shell && { shell }),
    ...(image && {
      image: await decodeImage(bytesOf(image, "The memory image"), { verify: false }),
    }),
  };
}

function bytesOf(file: DeferredFile, name: string): Uint8Array<ArrayBuffer> {
  const bytes = contentsOf(file);
  if (!bytes) throw new Error(`${name} cannot be read`);
  return new Uint8Array(bytes); // No shared memory.
}
