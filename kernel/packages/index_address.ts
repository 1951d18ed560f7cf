import { KernelError } from "../errors.ts";
import { canonicalName, isProjectName } from "./project_name.ts";
import { decodePart, shownAddress } from "./server_address.ts";

/** A kernel's request to the index: the page of a project, or another address, perhaps of a file. */
export type IndexRequest = { kind: "page"; project: string } | { kind: "file"; url: URL };

/** The address of an index, and those of its pages (PEP 503): `INDEX/PROJECT/`. */
export class IndexAddress {
  /** The address without credentials and without a slash at its end. */
  readonly url: string;
  readonly origin: string;
  readonly #path: string;

  constructor(url: string) {
    this.url = url;
    const { origin, pathname } = new URL(url);
    this.origin = origin;
    this.#path = `${pathname.replace(/\/+$/, "")}/`;
  }

  /** Returns the address of a project's page. */
  pageOf(project: string): string {
    return `${this.url}/${canonicalName(project)}/`;
  }

  /** Returns the canonical name of the project whose page is at an address; undefined when it is no page. */
  projectAt(url: URL): string | undefined {
    if (url.origin !== this.origin || !url.pathname.startsWith(this.#path) || url.search) return;
    const name = decodePart(url.pathname.slice(this.#path.length).replace(/\/$/, ""));
    return name !== undefined && isProjectName(name) ? canonicalName(name) : undefined;
  }

  /**
   * Parses an address that a kernel asks for. From here on the text of the address is not used any more:
   * a page is fetched by its project's canonical name, and a file must be one that a page links.
   *
   * @throws {KernelError} `permission_denied` for an address of neither kind.
   */
  parse(address: string): IndexRequest {
    const url = URL.parse(address);
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
      throw this.refused(url ? shownAddress(url) : address);
    }
    // A file may have the form of a page without the slash, where files are beside the pages.
    const project = url.pathname.endsWith("/") ? this.projectAt(url) : undefined;
    if (project !== undefined) return { kind: "page", project };
    url.hash = "";
    return { kind: "file", url };
  }

  /** Returns the error for an address that is neither a page nor a linked file. */
  refused(address: string): KernelError {
    return new KernelError(
      "permission_denied",
      `Cannot fetch "${address}": the kernel has no network; it gets the pages of the package index ` +
        `(${this.url}/NAME/) and the files that these link, and nothing else`,
    );
  }
}
