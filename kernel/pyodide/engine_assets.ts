import type { EngineAssets } from "../engine.ts";
import type { RuntimeAssets } from "./assets.ts";

/** Wraps assets for their way to a worker: what no other kernel has is moved there. */
export function toEngineAssets(assets: RuntimeAssets): EngineAssets {
  const parts = [assets.image?.pages.buffer, assets.packages?.parts];
  return {
    value: assets,
    transfer: parts.filter((it) => it instanceof ArrayBuffer || it instanceof MessagePort),
  };
}
