import type { RuntimeAssets } from "./assets.ts";
import type { MemoryImage } from "./image.ts";

/** The time that a build may take, in milliseconds; it takes seconds on an idle machine. */
const DEADLINE_MS = 120_000;

/** The things that can be built, by name. */
export interface Built {
  /** The memory of an interpreter that has started. */
  "memory image": MemoryImage;
  /** A zip file with compiled files beside the sources. */
  "standard library": Uint8Array<ArrayBuffer>;
}

/** The request to the builder's worker. */
export interface BuilderRequest {
  what: keyof Built;
  assets: RuntimeAssets;
}

/** The answer of the builder's worker. */
export type BuilderMessage = { built: Built[keyof Built] } | { error: string };

/** Builds something in a worker of its own, which has no permissions; rejects when that fails. */
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
    event.preventDefault(); // Otherwise the error ends this whole process.
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
