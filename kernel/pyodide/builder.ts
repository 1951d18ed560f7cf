import type { RuntimeAssets } from "./assets.ts";
import type { MemoryImage } from "./image.ts";

/** How long one may take to make, in milliseconds: seconds on an idle machine. */
const DEADLINE_MS = 120_000;

/** What is made, by what it is called. */
export interface Built {
  /** Of an interpreter that has started. */
  "memory image": MemoryImage;
  /** With compiled files beside its sources. */
  "standard library": Uint8Array<ArrayBuffer>;
}

/** What the builder's worker is asked for. */
export interface BuilderRequest {
  what: keyof Built;
  assets: RuntimeAssets;
}

/** What it answers. */
export type BuilderMessage = { built: Built[keyof Built] } | { error: string };

/** Makes something in a worker of its own, which has no permissions; rejects when that fails. */
export async function build<K extends keyof Built>(
  what: K,
  assets: RuntimeAssets,
): Promise<Built[K]> {
  const { promise, resolve, reject } = Promise.withResolvers<Built[K]>();
  const worker = new Worker(new URL("./builder_entry.ts", import.meta.url), {
    type: "module",
    deno: { permissions: "none" },
  });
  worker.addEventListener("message", ({ data }: MessageEvent<BuilderMessage>) => {
    if ("built" in data) resolve(data.built as Built[K]);
    else reject(new Error(`Cannot make a ${what}: ${data.error}`));
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault(); // Otherwise it ends this whole process.
    reject(new Error(`Cannot make a ${what}: ${event.message}`));
  });
  const timer = setTimeout(
    () => reject(new Error(`Cannot make a ${what} within ${DEADLINE_MS / 1000} s`)),
    DEADLINE_MS,
  );
  try {
    const request: BuilderRequest = { what, assets };
    worker.postMessage(request);
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
