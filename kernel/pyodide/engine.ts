import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type {
  AssetLocation,
  Engine,
  EngineAssets,
  PackageSource,
  ProcessHostFactory,
} from "../engine.ts";
import type { InstallRequest } from "../host.ts";
import type { PackageOptions } from "../packages/package_options.ts";
import type { LocalOptions } from "../start_options.ts";
import { toEngineAssets } from "./engine_assets.ts";
import { GLUE_ID, STOCK_GLUE_ID } from "./glue.ts";
import { defaultCacheDir } from "../cache_directory.ts";
import { ImageShelf } from "./image_shelf.ts";
import { LANGUAGE } from "./language.ts";
import { openPackageSource, withImages } from "./package_source.ts";
import { HOME } from "./pinned.ts";
import { startPython } from "./runtime.ts";
import { RuntimeSource } from "./source.ts";

/** Options for {@linkcode PythonEngine}. */
export interface PythonEngineOptions {
  /** The source of packages; `false`: kernels get none. @default Pyodide's own distribution */
  packages?: PackageOptions | false;
  /** The source of what interpreters start from. @default one that keeps what it makes */
  source?: RuntimeSource;
}

/** The start options that the files depend on. */
type LocateOptions = Pick<LocalOptions, "image" | "recording">;

/** The most bytes of images that are kept. */
const DEFAULT_IMAGE_BYTES = 2 ** 30;

/** The directory of what set-up has made for kernels. */
const MADE = fileURLToPath(new URL("../../dist/kernel", import.meta.url));

/** Python, as Pyodide. */
export class PythonEngine implements Engine {
  readonly language: string = LANGUAGE;
  readonly displayName = "Python";
  readonly home: string = HOME;
  /** WebAssembly code is compiled when it first runs, which is most of the cost of a first cell. */
  readonly warmUpCode = "1 + 1";
  readonly workerEntry: URL = new URL("./worker_entry.ts", import.meta.url);
  readonly processEntry: URL = new URL("./process_entry.ts", import.meta.url);
  /** Pyodide's own glue is loaded from npm. */
  readonly selfContained: boolean = GLUE_ID !== STOCK_GLUE_ID;
  readonly start: typeof startPython = startPython;
  readonly #packages: PackageOptions | false;
  readonly #source: RuntimeSource;
  readonly #shelf: ImageShelf | undefined;

  /** Loads nothing yet. */
  constructor({ packages = {}, source = new RuntimeSource() }: PythonEngineOptions = {}) {
    this.#packages = packages;
    this.#source = source;
    const { images } = packages || {};
    const cacheDir = images?.dir ?? defaultCacheDir();
    const dir = images && this.selfContained && cacheDir && join(cacheDir, "images");
    this.#shelf = dir ? new ImageShelf(dir, images.maxBytes ?? DEFAULT_IMAGE_BYTES) : undefined;
  }

  async assets({ limits, image, recording = false }: LocalOptions): Promise<EngineAssets> {
    const assets = await this.#source.assets(limits.memoryMiB);
    const packages = image === undefined ? undefined : await this.#shelf?.open(image);
    return toEngineAssets({ ...assets, recording, ...(packages && { packages }) });
  }

  async locate({ image, recording = false }: LocateOptions = {}): Promise<AssetLocation> {
    const paths = await this.#source.paths();
    const { wasmPath, stdlibPath, imagePath } = paths;
    const packagesPath = image === undefined ? undefined : this.#shelf?.path(image);
    const images = [imagePath, packagesPath].filter((it) => typeof it === "string");
    return {
      readable: [MADE, wasmPath, stdlibPath, ...images],
      value: { ...paths, recording, ...(packagesPath && { packagesPath }) },
    };
  }

  installCode({ requirements, importing }: InstallRequest): string {
    const json = JSON.stringify(JSON.stringify({ requirements, importing }));
    return `__import__("deno_kernel.packages.installer").packages.installer.install_now(${json})`;
  }

  openPackages(createHost: ProcessHostFactory): PackageSource | undefined {
    if (this.#packages === false) return undefined;
    const { images, ...options } = this.#packages;
    const source = openPackageSource(options, createHost);
    if (!this.#shelf || !images) return source;
    const { allow, deny } = options;
    return withImages(source, {
      shelf: this.#shelf,
      sets: images.sets,
      createHost,
      installCode: (requirements) => this.installCode({ requirements, importing: false }),
      fingerprint: async () => JSON.stringify([await this.#source.fingerprint(), allow, deny]),
    });
  }
}
