import { PACKAGE_FILE, PACKAGE_LIST, type PackageBroker } from "../packages/request.ts";
import type { PyodideApi } from "./emscripten.ts";

/** The parts of a distribution's list that are looked at here. */
interface LockedPackages {
  info: Record<string, unknown>;
  packages: Record<string, { name: string; imports: string[] }>;
}

/**
 * What Python's side gets packages with. It makes Pyodide's own package manager, and so micropip, get
 * them from the host as well.
 */
export class RuntimePackages {
  readonly #api: PyodideApi;
  readonly #broker: PackageBroker;
  #ready: Promise<string> | undefined;

  constructor(api: PyodideApi, broker: PackageBroker) {
    this.#api = api;
    this.#broker = broker;
    // What Pyodide's own would do for a kernel without permissions, in vain.
    api.packageManager.downloadPackage = async ({ normalizedName, channel }) =>
      channel === "default channel"
        ? await this.file(normalizedName)
        : (await broker({ url: channel })).bytes;
  }

  /** What there is, as JSON: `{"lock": ..., "indexUrl": ...}`. Pyodide knows it from then on. */
  list(): Promise<string> {
    return this.#ready ??= this.#list().catch((error) => {
      this.#ready = undefined;
      throw error;
    });
  }

  /** The file of a package of the distribution. */
  async file(name: string): Promise<Uint8Array> {
    return (await this.#broker({ url: `${PACKAGE_FILE}${name}` })).bytes;
  }

  /** Unpacks a file where packages are, and links its libraries. */
  async install(bytes: Uint8Array, fileName: string, place: string, source: string): Promise<void> {
    const directory = this.#api.package_loader.get_install_dir(place);
    const metadata = new Map([["INSTALLER", "deno_kernel"], ["PYODIDE_SOURCE", source]]);
    await this.#api.install(bytes, fileName, directory, metadata);
  }

  /** Tells Pyodide, and so micropip, that a package is there. */
  loaded(name: string, source: string): void {
    this.#api.packageManager.loadedPackages[name] = source;
  }

  async #list(): Promise<string> {
    const { bytes } = await this.#broker({ url: PACKAGE_LIST });
    const text = new TextDecoder().decode(bytes);
    const { lock } = JSON.parse(text) as { lock: LockedPackages };
    const { info, packages } = lock;
    Object.assign(this.#api, {
      lockfile: lock,
      lockfile_info: info,
      lockfile_packages: packages,
      _import_name_to_package_name: new Map(
        Object.entries(packages).flatMap(([name, { imports }]) => imports.map((it) => [it, name])),
      ),
    });
    return text;
  }
}
