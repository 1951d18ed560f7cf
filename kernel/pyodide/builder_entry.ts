/** The main module of the builder's worker, which makes memory images and compiled standard libraries. */
import type { RuntimeAssets } from "./assets.ts";
import type { BuilderMessage, BuilderRequest, Built } from "./builder.ts";
import { buildImage } from "./snapshot.ts";
import { compileStdlib } from "./stdlib_compiler.ts";

/** The worker's global scope; the cast is needed because the project is checked with a window's types. */
const scope = globalThis as unknown as EventTarget & { postMessage(message: BuilderMessage): void };

const BUILDERS: { [K in keyof Built]: (assets: RuntimeAssets) => Promise<Built[K]> } = {
  "memory image": buildImage,
  "standard library": compileStdlib,
};

scope.addEventListener("message", async (event) => {
  const { what, assets } = (event as MessageEvent<BuilderRequest>).data;
  try {
    scope.postMessage({ built: await BUILDERS[what](assets) });
  } catch (error) {
    scope.postMessage({ error: String(error) });
  }
});
