import type { EngineAssets } from "../engine.ts";
import type { RuntimeAssets } from "./assets.ts";

/** Wraps assets for their way to a worker: bytes that no other kernel has are moved there. */
export function toEngineAssets(assets: RuntimeAssets): EngineAssets {
  const pages = assets.image?.pages.buffer;
  return { value: assets, transfer: pages instanceof ArrayBuffer ? [pages] : [] };
}
