import { type CommonAssets, loadAssets, type RuntimeAssets } from "./assets.ts";
import { build, type Built } from "./builder.ts";
import type { AssetPaths } from "./child_assets.ts";
import { defaultCacheDir } from "../cache_directory.ts";
import { ImageCache } from "./image_cache.ts";
import { assetPath, wasmPath } from "./pinned.ts";
import { SHELL_PATH } from "../shell/source.ts";
import { StdlibCache } from "./stdlib_cache.ts";
import { compileModule } from "./wasm_memory.ts";

/** Options for {@linkcode RuntimeSource}. */
export interface RuntimeSourceOptions {
  /**
   * The directory that keeps what is made from one process to the next; null: none.
   * @default `deno-code-interpreter` in the user's cache directory
   */
  cacheDir?: string | null;
  /** Called with the name of a part before it is made, which takes seconds. */
  onBuild?: (what: keyof Built) => void;
}

const STOCK_STDLIB = assetPath("python_stdlib.zip");
const MEBIBYTE = 2 ** 20;
/** The memory of the interpreter that the image is made of, in MiB. */
const IMAGE_MEMORY_MIB = 1024;

/** The source of what interpreters start from. It loads everything once, when first asked for. */
export class RuntimeSource {
  readonly #cache: ImageCache | undefined;
  readonly #stdlibs: StdlibCache | undefined;
  readonly #onBuild: (what: keyof Built) => void;
  /** Compiled Pyodides by the memory limit that they are compiled with, in MiB. */
  readonly #modules = new Map<number, Promise<WebAssembly.Module>>();
  #common: Promise<LoadedAssets> | undefined;

  /** Loads nothing yet. */
  constructor(options: RuntimeSourceOptions = {}) {
    const { cacheDir = defaultCacheDir() ?? null } = options;
    this.#onBuild = options.onBuild ?? (() => {});
    this.#cache = cacheDir === null ? undefined : new ImageCache(cacheDir);
    this.#stdlibs = cacheDir === null ? undefined : new StdlibCache(cacheDir);
  }

  /** Returns the assets of an interpreter with that much memory, the memory image among them. */
  async assets(memoryMiB: number): Promise<RuntimeAssets> {
    const [{ fingerprint: _, stdlibPath: __, ...common }, module] = await Promise.all([
      this.#loaded(),
      this.#module(memoryMiB),
    ]);
    return { ...common, module };
  }

  /** Returns a hash of all that interpreters start from, whatever their limits. */
  async fingerprint(): Promise<string> {
    return (await this.#loaded()).fingerprint;
  }

  /** Makes the parts that are made once for a machine, if they are not there yet. */
  async prepare(): Promise<void> {
    await this.#loaded();
  }

  /**
   * Returns the paths at which another process finds the same assets. Without a cache, or when its directory
   * was emptied, that process starts without an image, because an image fits only its own standard library.
   */
  async paths(): Promise<AssetPaths> {
    const { packageFiles, fingerprint, stdlibPath } = await this.#loaded();
    const imagePath = this.#cache?.path(fingerprint);
    const kept = imagePath !== undefined && await exist(imagePath, stdlibPath);
    return {
      wasmPath: wasmPath(),
      stdlibPath: kept ? stdlibPath : STOCK_STDLIB,
      imagePath: kept ? imagePath : null,
      packageFiles,
      shellPath: await exist(SHELL_PATH) ? SHELL_PATH : null,
    };
  }

  #loaded(): Promise<LoadedAssets> {
    return this.#common ??= this.#load().catch((error) => {
      this.#common = undefined; // The next call tries again.
      throw error;
    });
  }

  #module(memoryMiB: number): Promise<WebAssembly.Module> {
    const known = this.#modules.get(memoryMiB);
    if (known) return known;
    const compiling = compileModule(wasmPath(), memoryMiB * MEBIBYTE);
    this.#modules.set(memoryMiB, compiling);
    compiling.catch(() => this.#modules.delete(memoryMiB));
    return compiling;
  }

  async #load(): Promise<LoadedAssets> {
    const stock = { path: STOCK_STDLIB, content: await Deno.readFile(STOCK_STDLIB) };
    const compile = async () =>
      await this.#build("standard library", await loadAssets(stock.content));
    const stdlib = await this.#stdlibs?.compiled(stock, compile) ?? stock;
    const assets = { ...await loadAssets(stdlib.content), stdlibPath: stdlib.path };
    const kept = await this.#cache?.read(assets.fingerprint);
    if (kept) return { ...assets, image: kept };
    const image = await this.#build("memory image", assets);
    await this.#cache?.write(assets.fingerprint, image);
    return { ...assets, image };
  }

  async #build<K extends keyof Built>(what: K, assets: CommonAssets): Promise<Built[K]> {
    this.#onBuild(what);
    return await build(what, { ...assets, module: await this.#module(IMAGE_MEMORY_MIB) });
  }
}

async function exist(...paths: string[]): Promise<boolean> {
  const found = await Promise.all(paths.map((path) => Deno.stat(path).catch(() => undefined)));
  return found.every((info) => info !== undefined);
}

/** The assets that are the same for kernels of all sizes, and the path of one of them. */
interface LoadedAssets extends CommonAssets {
  stdlibPath: string;
}
