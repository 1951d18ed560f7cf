import { fileURLToPath } from "node:url";
import type { AssetLocation, Engine, EngineAssets } from "../../../kernel/mod.ts";
import { startEcho } from "./runtime.ts";

/** The greeting of each kernel. It takes the way of an engine's assets, from here to the kernel. */
export const GREETING = "Echo says hello";

/** The engine of a tiny language that shows that hosts depend on no language. See `runtime.ts`. */
export class EchoEngine implements Engine {
  readonly language = "echo";
  readonly home = "/echo";
  readonly warmUpCode = "warm";
  readonly workerEntry: URL = new URL("./worker_entry.ts", import.meta.url);
  readonly processEntry: URL = new URL("./process_entry.ts", import.meta.url);
  readonly selfContained = true;
  readonly start: typeof startEcho = startEcho;

  assets(): Promise<EngineAssets> {
    return Promise.resolve({ value: GREETING, transfer: [] });
  }

  locate(): Promise<AssetLocation> {
    const readable = [fileURLToPath(new URL(".", import.meta.url))];
    return Promise.resolve({ readable, value: GREETING });
  }
}
