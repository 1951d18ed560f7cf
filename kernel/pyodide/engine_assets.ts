import type { EngineAssets } from "../engine.ts";
import type { RuntimeAssets } from "./assets.ts";

/** Wraps assets for their way to a worker: bytes that no other kernel has are moved there. */
export function toEngineAssets(assets: RuntimeAssets): EngineAssets {
  const buffers = [assets.image?.pages.buffer, assets.packages?.pages.buffer];
  return { value: assets, transfer: buffers.filter((it) => it instanceof ArrayBuffer) };
}
