import { KernelError } from "../errors.ts";

/** Options for {@linkcode Downloader}. */
export interface DownloaderOptions {
  /** Origins that may be talked to, such as "https://packages.example.com". */
  origins: readonly string[];
  /** The largest answer, in bytes. */
  maxBytes: number;
}

/** What was at an address. */
export interface Downloaded {
  status: number;
  contentType: string;
  /** Where it was in the end. */
  url: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const MAX_REDIRECTS = 5;
/** How long an answer may take as a whole, in milliseconds. */
const DEADLINE_MS = 120_000;

/** Fetches from a few servers and from no other, wherever they point. */
export class Downloader {
  readonly #origins: ReadonlySet<string>;
  readonly #maxBytes: number;

  constructor({ origins, maxBytes }: DownloaderOptions) {
    this.#origins = new Set(origins);
    this.#maxBytes = maxBytes;
  }

  /**
   * @throws {KernelError} `permission_denied` for another server, `limit_exceeded` for too large an
   * answer, `not_found` when the server cannot be reached.
   */
  async get(address: string, accept = "*/*"): Promise<Downloaded> {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    let url = address;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      this.assertAllowed(url);
      const response = await this.#fetch(url, accept, signal);
      const location = response.headers.get("Location");
      if (response.status < 300 || response.status > 399 || location === null) {
        const bytes = await this.#read(response, url);
        const contentType = response.headers.get("Content-Type") ?? "";
        return { status: response.status, contentType, url, bytes };
      }
      await response.body?.cancel();
      url = new URL(location, url).href;
    }
    throw new KernelError("not_found", `Cannot fetch "${address}": too many redirects`);
  }

  /** @throws {KernelError} `permission_denied`. */
  assertAllowed(address: string): void {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const plain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
    if (plain && this.#origins.has(url.origin)) return;
    throw new KernelError(
      "permission_denied",
      `Cannot fetch "${address}": the kernel has no network; packages come from ${
        [...this.#origins].join(" and ") || "nowhere"
      }, and nothing comes from elsewhere`,
    );
  }

  async #fetch(url: string, accept: string, signal: AbortSignal): Promise<Response> {
    try {
      return await fetch(url, { headers: { Accept: accept }, redirect: "manual", signal });
    } catch (cause) {
      const { origin } = new URL(url);
      throw new KernelError("not_found", `Cannot reach ${origin}, where packages are`, { cause });
    }
  }

  async #read(response: Response, url: string): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > this.#maxBytes) {
        throw new KernelError(
          "limit_exceeded",
          `Cannot fetch "${url}": it is larger than ${this.#maxBytes} bytes`,
        );
      }
      chunks.push(chunk);
    }
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }
}
