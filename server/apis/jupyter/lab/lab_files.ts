import { z } from "zod";
import { WheelArchive } from "../../../../kernel/mod.ts";
import { DOCUMENT_BOUNDS, parseJson } from "../../../http/bounded_json.ts";

/** The folders of wheels whose files belong below the prefix of an installation. */
const DATA = /^[^/]+\.data\/data\/share\/jupyter\//;

const version = z.object({ version: z.string() });
const extension = z.object({
  name: z.string(),
  jupyterlab: z.object({ _build: z.record(z.string(), z.string()) }),
});

/** The settings that a plugin of JupyterLab has. */
export interface PluginSchema {
  /** Such as "@jupyterlab/apputils-extension:themes". */
  id: string;
  schema: unknown;
  /** The version of the plugin's package. */
  version: string;
}

/** An extension that the page loads, as the page's configuration describes it. */
export type FederatedExtension = { name: string } & Record<string, string>;

/** The files of JupyterLab and its extensions, by their paths below `share/jupyter/`. */
export class LabFiles {
  readonly #places = new Map<string, { archive: WheelArchive; path: string }>();
  /** JupyterLab's page, a template. */
  readonly template: string;
  /** By the plugin's id. */
  readonly schemas: ReadonlyMap<string, PluginSchema>;
  readonly extensions: readonly FederatedExtension[];
  /** The version of JupyterLab. */
  readonly version: string;

  /** @throws {Error} when the wheels are not those of JupyterLab 4. */
  constructor(wheels: readonly Uint8Array<ArrayBuffer>[]) {
    for (const bytes of wheels) {
      const archive = new WheelArchive(bytes);
      for (const path of archive.paths) {
        if (DATA.test(path)) this.#places.set(path.replace(DATA, ""), { archive, path });
      }
    }
    this.template = this.#text("lab/static/index.html");
    this.version = this.#json("lab/static/package.json", version).version;
    this.schemas = new Map(this.#readSchemas().map((it) => [it.id, it]));
    this.extensions = [...this.#places.keys()]
      .filter((path) => /^labextensions\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path))
      .map((path) => {
        const { name, jupyterlab } = this.#json(path, extension);
        return { ...jupyterlab._build, name };
      });
  }

  /** Returns a file; undefined when there is none of that path. */
  read(path: string): Uint8Array<ArrayBuffer> | undefined {
    const place = this.#places.get(path);
    return place?.archive.read(place.path);
  }

  /** Returns a file as gzip has it; undefined when it is not there, or not packed. */
  readGzip(path: string): Uint8Array<ArrayBuffer> | undefined {
    const place = this.#places.get(path);
    return place?.archive.readGzip(place.path);
  }

  #readSchemas(): PluginSchema[] {
    const found: PluginSchema[] = [];
    for (const path of this.#places.keys()) {
      const match = /^(.*\bschemas)\/((?:@[^/]+\/)?[^/]+)\/([^/]+)\.json$/.exec(path);
      if (!match) continue;
      const [, folder, name, plugin] = match;
      found.push({
        id: `${name}:${plugin}`,
        schema: this.#json(path, z.unknown()),
        version: this.#json(`${folder}/${name}/package.json.orig`, version).version,
      });
    }
    return found;
  }

  #json<T>(path: string, schema: z.ZodType<T>): T {
    return schema.parse(parseJson(this.#text(path), DOCUMENT_BOUNDS));
  }

  #text(path: string): string {
    const bytes = this.read(path);
    if (!bytes) throw new Error(`the wheels have no ${path}`);
    return new TextDecoder().decode(bytes);
  }
}
