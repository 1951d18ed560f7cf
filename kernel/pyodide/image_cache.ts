import type { RuntimeAssets } from "./assets.ts";
import type { MemoryImage } from "./image.ts";

export function obtainImage(assets: RuntimeAssets): Promise<MemoryImage> {
  const worker = new Worker(new URL("./image_entry.ts", import.meta.url), {
    type: "module",
    deno: { permissions: "none" },
  });
  return new Promise<MemoryImage>((resolve, reject) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.postMessage(assets);
  }).finally(() => worker.terminate());
}
