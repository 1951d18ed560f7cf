import { fileURLToPath } from "node:url";
import type {
  AssetLocation,
  Engine,
  EngineAssets,
  InstallRequest,
  PackageSource,
  ProcessHostFactory,
} from "../engine.ts";
import type { PackageStoreOptions } from "../packages/package_store.ts";
import type { StartOptions } from "../start_options.ts";
import { toEngineAssets } from "./engine_assets.ts";
import { GLUE_ID, STOCK_GLUE_ID } from "./glue.ts";
import { LANGUAGE } from "./language.ts";
import { openPackageSource } from "./package_source.ts";
import { HOME } from "./pinned.ts";
import { startPython } from "./runtime.ts";
import { RuntimeSource } from "./source.ts";

/** Options for {@linkcode PythonEngine}. */
export interface PythonEngineOptions {
  /** The source of packages; `false`: kernels get none. @default Pyodide's own distribution */
  packages?: PackageStoreOptions | false;
  /** The source of what interpreters start from. @default one that keeps what it makes */
  source?: RuntimeSource;
}

/** The directory of what set-up has made for kernels. */
const MADE = fileURLToPath(new URL("../../dist/kernel", import.meta.url));

/** Python, as Pyodide. */
export class PythonEngine implements Engine {
  readonly language: string = LANGUAGE;
  readonly home: string = HOME;
  /** WebAssembly code is compiled when it first runs, which is most of the cost of a first cell. */
  readonly warmUpCode = "1 + 1";
  readonly workerEntry: URL = new URL("./worker_entry.ts", import.meta.url);
  readonly processEntry: URL = new URL("./process_entry.ts", import.meta.url);
  /** Pyodide's own glue is loaded from npm. */
  readonly selfContained: boolean = GLUE_ID !== STOCK_GLUE_ID;
  readonly start: typeof startPython = startPython;
  readonly #packages: PackageStoreOptions | false;
  readonly #source: RuntimeSource;

  /** Loads nothing yet. */
  constructor({ packages = {}, source = new RuntimeSource() }: PythonEngineOptions = {}) {
    this.#packages = packages;
    this.#source = source;
  }

  async assets({ limits }: StartOptions): Promise<EngineAssets> {
    return toEngineAssets(await this.#source.assets(limits.memoryMiB));
  }

  async locate(): Promise<AssetLocation> {
    const paths = await this.#source.paths();
    const { wasmPath, stdlibPath, imagePath } = paths;
    return {
      readable: [MADE, wasmPath, stdlibPath, ...(imagePath === null ? [] : [imagePath])],
      value: paths,
    };
  }

  installCode({ requirements, importing }: InstallRequest): string {
    const json = JSON.stringify(JSON.stringify({ requirements, importing }));
    return `__import__("deno_kernel.packages.installer").packages.installer.install_now(${json})`;
  }

  openPackages(createHost: ProcessHostFactory): PackageSource | undefined {
    return this.#packages === false ? undefined : openPackageSource(this.#packages, createHost);
  }
}
