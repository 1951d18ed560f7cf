import { fileURLToPath } from "node:url";
import type { AssetLocation, Engine, EngineAssets } from "../engine.ts";
import type { Runtime, RuntimeInit } from "../runtime.ts";
import { readShell } from "../shell/source.ts";
import { HOME } from "./home.ts";

/** The directory of what set-up has made for kernels. */
const MADE = fileURLToPath(new URL("../../dist/kernel", import.meta.url));

/** Bash, as a shell in JavaScript on the kernel's own files. */
export class BashEngine implements Engine {
  readonly language = "bash";
  readonly displayName = "Bash";
  readonly home: string = HOME;
  readonly warmUpCode = "echo warm | cat";
  readonly workerEntry: URL = new URL("./worker_entry.ts", import.meta.url);
  readonly processEntry: URL = new URL("./process_entry.ts", import.meta.url);
  readonly selfContained = true;
  readonly usesJavaScriptHeap = true;

  /** Loads the interpreter first: this thread may have no such kernel. */
  async start(init: RuntimeInit): Promise<Runtime> {
    const { startBash } = await import("./runtime.ts");
    return await startBash(init);
  }

  async assets(): Promise<EngineAssets> {
    return { value: await readShell(), transfer: [] };
  }

  locate(): Promise<AssetLocation> {
    return Promise.resolve({ readable: [MADE], value: null });
  }
}
