import type { RuntimeAssets } from "./assets.ts";
import type { MemoryImage } from "./image.ts";

/** How long an image may take to make, in milliseconds: seconds on an idle machine. */
const DEADLINE_MS = 120_000;

/** What the builder's worker answers. */
export type BuilderMessage = { image: MemoryImage } | { error: string };

/** Makes an image in a worker of its own, which has no permissions; rejects when that fails. */
export async function buildImageInWorker(assets: RuntimeAssets): Promise<MemoryImage> {
  const { promise, resolve, reject } = Promise.withResolvers<MemoryImage>();
  const worker = new Worker(new URL("./image_entry.ts", import.meta.url), {
    type: "module",
    deno: { permissions: "none" },
  });
  worker.addEventListener("message", ({ data }: MessageEvent<BuilderMessage>) => {
    if ("image" in data) resolve(data.image);
    else reject(new Error(`Cannot make a memory image: ${data.error}`));
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault(); // Otherwise it ends this whole process.
    reject(new Error(`Cannot make a memory image: ${event.message}`));
  });
  const timer = setTimeout(
    () => reject(new Error(`Cannot make a memory image within ${DEADLINE_MS / 1000} s`)),
    DEADLINE_MS,
  );
  try {
    worker.postMessage(assets);
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
