import { KernelError } from "../errors.ts";
import type { Downloader } from "./downloader.ts";
import { IndexAddress } from "./index_address.ts";
import {
  acceptsPages,
  type IndexPage,
  MAX_PAGE_BYTES,
  PAGE_FORMS,
  PAGE_JSON,
  parseIndexPage,
} from "./index_page.ts";
import { hasSources, type LinkedFile, LinkedFiles, projectOfFile } from "./linked_files.ts";
import type { PackagePlan, PlanStep } from "./package_plan.ts";
import { canonicalName } from "./project_name.ts";
import type { PackageFiles } from "./package_files.ts";
import type { PackagePolicy } from "./package_policy.ts";
import type { PackageAnswer } from "./request.ts";
import { fileNameOf, shownAddress } from "./server_address.ts";
import { type FilePart, readWheelMetadata } from "./wheel_metadata.ts";
import { assertRunsHere, type WheelPlatform } from "./wheel_name.ts";

/** Options for {@linkcode PackageIndex}. */
export interface PackageIndexOptions {
  /** The index's address, without credentials. */
  url: string;
  downloader: Downloader;
  files: PackageFiles;
  policy: PackagePolicy;
  platform: WheelPlatform;
  /** True if files may be at any https origin that a page links. @default false */
  followsLinks?: boolean;
}

/**
 * An index of packages, as kernels may use it: they get the pages of projects that the policy allows, and
 * wheels and archives of sources that such a page links. No other address is fetched for them.
 */
export class PackageIndex {
  readonly #address: IndexAddress;
  readonly #downloader: Downloader;
  readonly #files: PackageFiles;
  readonly #policy: PackagePolicy;
  readonly #platform: WheelPlatform;
  readonly #followsLinks: boolean;
  readonly #linked = new LinkedFiles();
  /** The pages that are being fetched, by project. */
  readonly #pending = new Map<string, Promise<IndexPage | number>>();

  constructor({ url, downloader, files, policy, platform, followsLinks }: PackageIndexOptions) {
    this.#followsLinks = followsLinks ?? false;
    this.#address = new IndexAddress(url);
    this.#downloader = downloader;
    this.#files = files;
    this.#policy = policy;
    this.#platform = platform;
  }

  /** The index's address, without credentials and without a slash at its end. */
  get url(): string {
    return this.#address.url;
  }

  /**
   * Answers the request of a kernel. A page is always JSON (PEP 691), with absolute addresses.
   *
   * @throws {KernelError} `permission_denied` for any other address and projects that are not allowed,
   * `invalid_argument` for files that are neither wheels for this Pyodide nor sources, `not_found`, `limit_exceeded`,
   * `protocol_violation` when the index sends something else than it should.
   */
  async fetch(address: string, accept?: string): Promise<PackageAnswer> {
    const request = this.#address.parse(address);
    if (request.kind === "page") return await this.#answerPage(request.project, accept);
    const file = await this.#linkedFile(request.url);
    this.#policy.assertAllowed(file.project);
    return { status: 200, contentType: "", url: file.url, bytes: await this.#obtain(file) };
  }

  /**
   * Reads the METADATA of a wheel that a page links out of the file on its server, for indexes that do not serve
   * metadata. Nothing tells that it is right before the wheel itself is fetched; it is enough to choose a version.
   * Undefined when the server gives no parts of files.
   *
   * @throws {KernelError} As `fetch` does, except that it does not tell of a file that cannot be reached.
   */
  async metadata(address: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const request = this.#address.parse(address);
    if (request.kind === "page") throw this.#address.refused(address);
    const file = await this.#linkedFile(request.url);
    this.#policy.assertAllowed(file.project);
    assertRunsHere(file.filename, this.#platform);
    const key = file.sha256 && `metadata of ${file.sha256}`;
    const kept = key && await this.#files.recall(key);
    if (kept) return kept;
    const bytes = await readWheelMetadata((range) => this.#part(file, range));
    if (bytes && key) await this.#files.keep(bytes, key);
    return bytes;
  }

  /** Reads a part of a wheel; keeps the whole of it when its server sends that. */
  async #part(file: LinkedFile, range: string): Promise<FilePart | undefined> {
    try {
      const { status, bytes, start } = await this.#downloader.get(file.url, {
        range,
        onRedirect: (target) => assertSameFile(target, file),
      });
      if (status === 206) return { bytes, start };
      if (status !== 200) return undefined;
      const { sha256, url } = file;
      const pinned = { file: url, list: "the index's page" };
      if (sha256) await this.#files.pinned({ ...pinned, sha256 }, () => Promise.resolve(bytes));
      return { bytes, start: 0 };
    } catch (error) {
      if (error instanceof KernelError) return undefined; // Who fetches the wheel is told.
      throw error;
    }
  }

  /**
   * Downloads a wheel of a project that its page lists with this SHA-256. It is for the store's own use:
   * the policy is not asked, and the caller compares the hash.
   *
   * @throws {KernelError} `not_found` when the page of the project has no such wheel, and as `fetch` does.
   */
  async wheel(project: string, sha256: string): Promise<Uint8Array<ArrayBuffer>> {
    const page = await this.#fetchPage(project);
    const files = typeof page === "number" ? [] : page.files;
    const found = files.find(({ hashes }) => hashes["sha256"] === sha256);
    if (!found) throw new KernelError("not_found", `The index has no such wheel of "${project}"`);
    return await this.#download({ url: found.url, filename: found.filename, project, sha256 });
  }

  /** Returns true when a page that was read lists a file like that of a plan. */
  lists({ address, file, sha256 }: PlanStep): boolean {
    const linked = this.#linked.get(address);
    return linked?.filename === file && linked.sha256 === sha256;
  }

  /** Lets kernels have the files of a plan without asking for the pages that list them. */
  admit({ install }: PackagePlan): void {
    for (const { origin, address: url, file: filename, sha256 } of install) {
      const project = projectOfFile(filename);
      if (origin !== "index" || project === undefined) continue;
      this.#linked.plan({ url, filename, project: canonicalName(project), sha256 });
      if (this.#followsLinks) this.#downloader.permit(url);
    }
  }

  async #answerPage(project: string, accept: string | undefined): Promise<PackageAnswer> {
    const url = this.#address.pageOf(project);
    const empty = { contentType: "", url, bytes: new Uint8Array() };
    if (!acceptsPages(accept)) return { ...empty, status: 406 };
    const page = await this.#page(project);
    if (typeof page === "number") return { ...empty, status: page };
    const bytes = new TextEncoder().encode(JSON.stringify(page));
    return { status: 200, contentType: PAGE_JSON, url: this.#address.pageOf(page.name), bytes };
  }

  /** Returns the page of a project, or the status of HTTP with which the index refuses it. */
  async #page(project: string): Promise<IndexPage | number> {
    this.#policy.assertAllowed(project);
    const pending = this.#pending.get(project) ?? this.#fetchPage(project);
    this.#pending.set(project, pending);
    try {
      const page = await pending;
      if (typeof page !== "number") this.#linked.add(page);
      return page;
    } finally {
      this.#pending.delete(project);
    }
  }

  async #fetchPage(project: string): Promise<IndexPage | number> {
    const page = await this.#readPage(project);
    if (this.#followsLinks && typeof page !== "number") {
      for (const { url } of page.files) this.#downloader.permit(url);
    }
    return page;
  }

  async #readPage(project: string): Promise<IndexPage | number> {
    const address = this.#address.pageOf(project);
    let found = project;
    try {
      const sent = await this.#downloader.get(address, {
        accept: PAGE_FORMS,
        maxBytes: MAX_PAGE_BYTES,
        onRedirect: (url) => found = this.#projectOfRedirect(url) ?? found,
      });
      if (sent.status !== 200) return sent.status < 400 ? 502 : sent.status;
      const page = await parseIndexPage(sent, found);
      if (found === project) {
        const bytes = new TextEncoder().encode(JSON.stringify(page));
        await this.#files.keep(bytes, `page ${address}`);
      }
      return page;
    } catch (error) {
      if (!(error instanceof KernelError) || error.code !== "not_found") throw error;
      const bytes = await this.#files.recall(`page ${address}`);
      if (!bytes) throw error;
      console.warn(`${error.message}; using what was there before`);
      return await parseIndexPage({ contentType: PAGE_JSON, url: address, bytes }, project);
    }
  }

  /**
   * Checks where the index redirects a page. On its own origin that must be the page of an allowed
   * project; other origins are configured because they have its files, and may have its pages.
   */
  #projectOfRedirect(url: URL): string | undefined {
    if (url.origin !== this.#address.origin) return undefined;
    const project = this.#address.projectAt(url);
    if (project === undefined) throw this.#address.refused(shownAddress(url));
    this.#policy.assertAllowed(project);
    return project;
  }

  /** Returns the linked file at an address; fetches the page of its project when it is not known. */
  async #linkedFile(url: URL): Promise<LinkedFile> {
    const known = this.#linked.get(url.href);
    if (known) return known;
    const name = fileNameOf(url) ?? "";
    this.#downloader.assertAllowed(url.href);
    const project = projectOfFile(name);
    if (project === undefined) throw this.#address.refused(shownAddress(url));
    await this.#page(canonicalName(project));
    const linked = this.#linked.get(url.href);
    if (!linked) throw this.#address.refused(shownAddress(url));
    return linked;
  }

  async #obtain(file: LinkedFile): Promise<Uint8Array<ArrayBuffer>> {
    const { url, filename, sha256 } = file;
    if (!hasSources(filename)) {
      assertRunsHere(filename.replace(/\.metadata$/, ""), this.#platform);
    }
    const download = () => this.#download(file);
    if (sha256 === undefined) return await this.#files.unpinned(url, download);
    const shown = shownAddress(new URL(url));
    return await this.#files.pinned({ sha256, file: shown, list: "the index's page" }, download);
  }

  async #download(file: LinkedFile): Promise<Uint8Array<ArrayBuffer>> {
    const { status, bytes } = await this.#downloader.get(file.url, {
      onRedirect: (target) => assertSameFile(target, file),
    });
    if (status === 200) return bytes;
    const shown = shownAddress(new URL(file.url));
    throw new KernelError("not_found", `Cannot fetch "${shown}": status ${status}`);
  }
}

/** Refuses a redirect to another file: the name must stay, unless the hash tells that it is the same. */
function assertSameFile(url: URL, { filename, sha256 }: LinkedFile): void {
  const name = fileNameOf(url);
  const isOther = name === undefined || /\.(whl|metadata)$/i.test(name) || sha256 === undefined;
  if (name === filename || !isOther) return;
  throw new KernelError(
    "permission_denied",
    `Cannot fetch "${filename}": its server redirects to another file, "${shownAddress(url)}"`,
  );
}
