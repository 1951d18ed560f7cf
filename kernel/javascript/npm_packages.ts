/** The packages of npm in a kernel: they are fetched when they are first imported, and become files. */
import type { PackageBroker } from "../packages/request.ts";
import { NPM_FILES, NPM_PLAN } from "../packages/npm/npm_request.ts";
import type { FileAccess } from "./file_access.ts";
import { GLOBAL_PACKAGES } from "./package_files.ts";

/** The directory of all packages, each version beside the others. */
const ROOT = `${GLOBAL_PACKAGES}/.npm`;

/** One package of a plan, whose form the server's store gives it. */
interface Planned {
  name: string;
  version: string;
  dependencies: Record<string, { name: string; version: string }>;
}

/** A module that became findable: its name, and the directory from which it is found. */
export interface Fetched {
  specifier: string;
  directory: string;
}

/** Gets packages for the cells of one kernel. */
export class NpmPackages {
  readonly #files: FileAccess;
  readonly #broker: PackageBroker | undefined;
  readonly #known = new Map<string, Promise<string>>();

  /** Without a broker there are no packages. */
  constructor(files: FileAccess, broker: PackageBroker | undefined) {
    this.#files = files;
    this.#broker = broker;
  }

  /**
   * Gets the package of an import, such as `lodash-es@4/debounce`, with all that it needs.
   *
   * @throws {Error} saying why it cannot be had.
   */
  async get(text: string): Promise<Fetched> {
    const [, name = "", range = "", path = ""] =
      /^\/?((?:@[^/@]+\/)?[^/@]+)(@[^/]+)?(\/.*)?$/.exec(text) ?? [];
    const asked = `${name}${range}`;
    let known = this.#known.get(asked);
    if (!known) {
      known = this.#install(asked);
      this.#known.set(asked, known);
      known.catch(() => this.#known.delete(asked));
    }
    return { specifier: `${name}${path}`, directory: await known };
  }

  /** The packages that cells have imported, with their versions. */
  readonly installed: { name: string; version: string }[] = [];

  async #install(asked: string): Promise<string> {
    if (!this.#broker) {
      throw new TypeError(
        `Cannot import "npm:${asked}": this kernel's server gives it no packages (PACKAGES)`,
      );
    }
    const { bytes } = await this.#broker({ url: NPM_PLAN + asked });
    const plan: Planned[] = JSON.parse(new TextDecoder().decode(bytes));
    await Promise.all(plan.map((it) => this.#unpack(it)));
    // An import by another package's code finds a package when it is whole.
    for (const it of plan) this.#link(it);
    const first = plan[0]!;
    // Code that requires it finds the version that was imported first.
    this.#linkAt(`${GLOBAL_PACKAGES}/${first.name}`, first);
    return homeOf(first);
  }

  async #unpack(planned: Planned): Promise<void> {
    const root = `${homeOf(planned)}/node_modules/${planned.name}`;
    if (this.#files.exists(root)) return;
    const { name, version } = planned;
    const { bytes } = await this.#broker!({ url: `${NPM_FILES}${name}@${version}` });
    if (this.#files.exists(root)) return;
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    const header: [string, number][] = JSON.parse(
      new TextDecoder().decode(bytes.subarray(4, 4 + length)),
    );
    let at = 4 + length;
    const draft = `${root}.new`;
    for (const [path, size] of header) {
      const file = `${draft}/${path}`;
      this.#files.makeDirectory(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      this.#files.write(file, bytes.subarray(at, at + size));
      at += size;
    }
    this.#files.rename(draft, root);
    this.installed.push({ name, version });
  }

  #link(planned: Planned): void {
    const directory = `${homeOf(planned)}/node_modules`;
    for (const [alias, target] of Object.entries(planned.dependencies)) {
      this.#linkAt(`${directory}/${alias}`, target);
    }
  }

  #linkAt(path: string, target: { name: string; version: string }): void {
    if (this.#files.exists(path)) return;
    this.#files.makeDirectory(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    this.#files.link(`${homeOf(target)}/node_modules/${target.name}`, path);
  }
}

function homeOf({ name, version }: { name: string; version: string }): string {
  return `${ROOT}/${name.replace("/", "+")}@${version}`;
}
