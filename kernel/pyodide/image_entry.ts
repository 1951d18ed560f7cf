/** The main module of the worker that makes the memory image. */
import type { RuntimeAssets } from "./assets.ts";
import type { BuilderMessage } from "./image_builder.ts";
import { buildImage } from "./snapshot.ts";

/** The worker's global scope; the project is checked with the window's types. */
const scope = globalThis as unknown as EventTarget & { postMessage(message: BuilderMessage): void };

scope.addEventListener("message", async (event) => {
  try {
    scope.postMessage({ image: await buildImage((event as MessageEvent<RuntimeAssets>).data) });
  } catch (error) {
    scope.postMessage({ error: String(error) });
  }
});
