import { fileURLToPath } from "node:url";
import type { AssetLocation, Engine, EngineAssets } from "../engine.ts";
import type { Runtime, RuntimeInit } from "../runtime.ts";
import { RuntimeSource } from "../pyodide/source.ts";
import { readShell } from "../shell/source.ts";
import type { LocalOptions } from "../start_options.ts";
import type { BashAssets } from "./assets.ts";
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

  /** Its `pip` gets what Python's does. */
  readonly packagesOf = "python";
  readonly #python: RuntimeSource;

  /** Loads nothing yet; `python` is the source of what the command `python` starts from. */
  constructor(python: RuntimeSource = new RuntimeSource()) {
    this.#python = python;
  }

  /** Loads the interpreter first: this thread may have no such kernel. */
  async start(init: RuntimeInit): Promise<Runtime> {
    const { startBash } = await import("./runtime.ts");
    return await startBash(init);
  }

  async assets({ limits }: LocalOptions): Promise<EngineAssets> {
    const [shell, python] = await Promise.all([
      readShell(),
      this.#python.assets(limits.memoryMiB),
    ]);
    return { value: { shell, python } satisfies BashAssets, transfer: [] };
  }

  async locate(): Promise<AssetLocation> {
    const paths = await this.#python.paths();
    const { wasmPath, stdlibPath, imagePath } = paths;
    const images = imagePath === null ? [] : [imagePath];
    return { readable: [MADE, wasmPath, stdlibPath, ...images], value: paths };
  }
}
