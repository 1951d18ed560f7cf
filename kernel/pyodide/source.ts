import { loadAssets, type RuntimeAssets } from "./assets.ts";
import { buildImageInWorker } from "./image_builder.ts";
import { defaultCacheDir, ImageCache } from "./image_cache.ts";

/** Options for {@linkcode RuntimeSource}. */
export interface RuntimeSourceOptions {
  /**
   * Where to keep the memory image between processes; null: nowhere.
   * @default `deno-code-interpreter` in the user's cache directory
   */
  cacheDir?: string | null;
}

/** Where hosts get what they start kernels from: loaded once, when first asked for. */
export class RuntimeSource {
  readonly #cacheDir: string | null;
  #assets: Promise<RuntimeAssets> | undefined;

  /** Loads nothing yet. */
  constructor(options: RuntimeSourceOptions = {}) {
    const { cacheDir = defaultCacheDir() ?? null } = options;
    this.#cacheDir = cacheDir;
  }

  /** The assets, with the memory image of a started interpreter. */
  assets(): Promise<RuntimeAssets> {
    return this.#assets ??= this.#load().catch((error) => {
      this.#assets = undefined; // A failed load may be tried again.
      throw error;
    });
  }

  async #load(): Promise<RuntimeAssets> {
    const assets = await loadAssets();
    const cache = this.#cacheDir === null ? undefined : new ImageCache(this.#cacheDir);
    const kept = await cache?.read(assets);
    if (kept) return { ...assets, image: kept };
    const image = await buildImageInWorker(assets);
    await cache?.write(assets, image);
    return { ...assets, image };
  }
}
