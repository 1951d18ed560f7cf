import { loadAssets, type RuntimeAssets } from "./assets.ts";
import { obtainImage } from "./image_cache.ts";

/** Where hosts get what they start kernels from: loaded once, when first asked for. */
export class RuntimeSource {
  #assets: Promise<RuntimeAssets> | undefined;

  /** The assets, with an image of a started interpreter where one could be had. */
  assets(): Promise<RuntimeAssets> {
    return this.#assets ??= this.#load().catch((error) => {
      this.#assets = undefined; // A failed load may be tried again.
      throw error;
    });
  }

  async #load(): Promise<RuntimeAssets> {
    const assets = await loadAssets();
    return { ...assets, image: await obtainImage(assets) };
  }
}
