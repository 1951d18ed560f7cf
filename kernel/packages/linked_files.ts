import type { IndexFile, IndexPage } from "./index_page.ts";
import { canonicalName } from "./project_name.ts";
import { parseWheelName } from "./wheel_name.ts";

/** A wheel, the metadata of one, or an archive of sources, that a page of the index links. */
export interface LinkedFile {
  url: string;
  filename: string;
  /** The canonical name of the project whose page links it. */
  project: string;
  /** Its SHA-256 in hexadecimal digits; undefined when the page has none. */
  sha256: string | undefined;
}

const METADATA = ".metadata";
/** The number of files above which those of the least recently used pages are forgotten. */
const MAX_FILES = 50_000;

/** The number of files of plans that are known without their pages. */
const MAX_PLANNED = 5_000;

/** The wheels and archives of sources that pages of an index link: kernels get these files and no other. */
export class LinkedFiles {
  readonly #maxFiles: number;
  readonly #files = new Map<string, { project: string; file: IndexFile }>();
  /** The addresses of the files of each page; the page that was used last is the last one. */
  readonly #pages = new Map<string, string[]>();
  /** The files of plans that were checked with their pages when these were read. */
  readonly #planned = new Map<string, LinkedFile>();

  constructor(maxFiles = MAX_FILES) {
    this.#maxFiles = maxFiles;
  }

  /** Takes the links of a page, in place of those that the page had before. */
  add({ name: project, files }: IndexPage): void {
    this.#forget(project);
    const urls: string[] = [];
    for (const file of files) {
      const own = projectOfFile(file.filename);
      const isOther = own === undefined || canonicalName(own) !== project;
      if (isOther || this.#files.has(file.url)) continue;
      this.#files.set(file.url, { project, file });
      urls.push(file.url);
    }
    this.#pages.set(project, urls);
    for (const oldest of this.#pages.keys()) {
      if (this.#files.size <= this.#maxFiles || oldest === project) break;
      this.#forget(oldest);
    }
  }

  /** Takes a file of a plan, so that its page need not be read again. */
  plan(file: LinkedFile): void {
    this.#planned.delete(file.url);
    this.#planned.set(file.url, file);
    const [oldest] = this.#planned.keys();
    if (this.#planned.size > MAX_PLANNED) this.#planned.delete(oldest!);
  }

  /** Returns the linked file of an address; undefined when no page that is known links it. */
  get(url: string): LinkedFile | undefined {
    const wheel = this.#use(url);
    if (wheel) {
      const { project, file } = wheel;
      const { filename, hashes } = file;
      return { url, filename, project, sha256: hashes["sha256"] };
    }
    const described = url.endsWith(METADATA)
      ? this.#use(url.slice(0, -METADATA.length))
      : undefined;
    if (!described) return this.#planned.get(url);
    const { project, file } = described;
    const metadata = file["core-metadata"] || file["dist-info-metadata"];
    if (!metadata) return undefined;
    const address = new URL(file.url);
    address.pathname += METADATA;
    return {
      url: address.href,
      filename: file.filename + METADATA,
      project,
      sha256: metadata === true ? undefined : metadata["sha256"],
    };
  }

  #use(url: string) {
    const found = this.#files.get(url);
    const urls = found && this.#pages.get(found.project);
    if (!found || !urls) return undefined;
    this.#pages.delete(found.project);
    this.#pages.set(found.project, urls);
    return found;
  }

  #forget(project: string): void {
    for (const url of this.#pages.get(project) ?? []) this.#files.delete(url);
    this.#pages.delete(project);
  }
}

/** The name of an archive of sources: of the project, and its version. */
const SOURCES = /^([A-Za-z0-9][\w.-]*)-\d[\w.!+]*\.(?:tar\.gz|zip)$/;

/** Returns true for the name of an archive that a package can be built from. */
export function hasSources(name: string): boolean {
  return SOURCES.test(name);
}

/** Returns the project that the file at an address would belong to, by its name in the address. */
export function projectOfFile(name: string): string | undefined {
  const sources = SOURCES.exec(name);
  if (sources) return sources[1];
  try {
    return parseWheelName(name.replace(/\.metadata$/, "")).name;
  } catch {
    return undefined;
  }
}
