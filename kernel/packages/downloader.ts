import { KernelError, messageOf } from "../errors.ts";
import { joinedBytes } from "../joined_bytes.ts";
import { type ServerAddress, shownAddress } from "./server_address.ts";

/** Options for {@linkcode Downloader}. */
export interface DownloaderOptions {
  /** The servers that may be asked. Their credentials are sent to their own origins only. */
  servers: readonly ServerAddress[];
  /** The largest answer, in bytes. */
  maxBytes: number;
}

/** Options for {@linkcode Downloader.get}. */
export interface DownloadOptions {
  /** The `Accept` header. @default any form */
  accept?: string;
  /** The largest answer, in bytes. @default the downloader's */
  maxBytes?: number;
  /** The `Range` header; a server may send the whole file all the same. @default the whole file */
  range?: string;
  /** Called before a redirect to an address of a known origin is followed; throws to refuse it. */
  onRedirect?: (url: URL) => void;
}

/** The answer of a server. */
export interface Downloaded {
  status: number;
  /** Empty when the server named none. */
  contentType: string;
  /** The address after redirects. */
  url: string;
  /** The body when `status` is 200 or 206, else nothing. */
  bytes: Uint8Array<ArrayBuffer>;
  /** The place of the body in the file; not 0 for a part alone. */
  start: number;
}

const MAX_REDIRECTS = 5;
/** The longest time that an answer may take as a whole, in milliseconds. */
const DEADLINE_MS = 120_000;

/** Fetches from the configured servers and from no other, also when one of them redirects. */
export class Downloader {
  /** The `Authorization` header of each origin that may be asked. */
  readonly #origins: Map<string, string | undefined>;
  readonly #maxBytes: number;

  constructor({ servers, maxBytes }: DownloaderOptions) {
    const origins = new Map<string, string | undefined>();
    for (const { url, authorization } of servers) {
      const { origin } = new URL(url);
      // The same origin may be configured twice, once without credentials.
      origins.set(origin, authorization ?? origins.get(origin));
    }
    this.#origins = origins;
    this.#maxBytes = maxBytes;
  }

  /** Lets the origin of an https address be asked, too, without credentials. */
  permit(address: string): void {
    const url = URL.parse(address);
    if (url?.protocol === "https:" && !this.#origins.has(url.origin)) {
      this.#origins.set(url.origin, undefined);
    }
  }

  /**
   * Fetches an address.
   *
   * @throws {KernelError} `permission_denied` for another server, `limit_exceeded` when the answer is too
   * large, `not_found` when the server cannot be reached or breaks off.
   */
  async get(address: string, options: DownloadOptions = {}): Promise<Downloaded> {
    const { accept = "*/*", maxBytes = this.#maxBytes, range, onRedirect } = options;
    const signal = AbortSignal.timeout(DEADLINE_MS);
    // A compressed answer would have other parts than the file.
    const headers = {
      Accept: accept,
      ...(range && { Range: range, "Accept-Encoding": "identity" }),
    };
    let url = this.assertAllowed(address);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const response = await this.#fetch(url, headers, signal);
      const location = response.headers.get("Location");
      if (response.status < 300 || response.status > 399 || location === null) {
        return await receive(response, url, maxBytes);
      }
      await response.body?.cancel();
      url = this.assertAllowed(URL.parse(location, url)?.href ?? location);
      onRedirect?.(url);
    }
    throw new KernelError(
      "not_found",
      `Cannot fetch "${shownAddress(new URL(address))}": too many redirects`,
    );
  }

  /**
   * Returns an address that may be fetched.
   *
   * @throws {KernelError} `permission_denied`.
   */
  assertAllowed(address: string): URL {
    const url = URL.parse(address);
    const plain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
    if (plain && this.#origins.has(url.origin)) return url;
    throw new KernelError(
      "permission_denied",
      `Cannot fetch "${url ? shownAddress(url) : address}": the kernel has no network; packages ` +
        `come from ${
          [...this.#origins.keys()].join(" and ") || "nowhere"
        }, and nothing comes from ` +
        "elsewhere (PACKAGE_ORIGINS)",
    );
  }

  async #fetch(url: URL, init: HeadersInit, signal: AbortSignal): Promise<Response> {
    const headers = new Headers(init);
    const authorization = this.#origins.get(url.origin);
    if (authorization !== undefined) headers.set("Authorization", authorization);
    try {
      return await fetch(url, { headers, redirect: "manual", signal });
    } catch (cause) {
      throw new KernelError("not_found", `Cannot reach ${url.origin}, where packages are`, {
        cause,
      });
    }
  }
}

async function receive(response: Response, url: URL, maxBytes: number): Promise<Downloaded> {
  const { status, headers } = response;
  const contentType = headers.get("Content-Type") ?? "";
  const found = { status, contentType, url: url.href, start: 0 };
  const start = /^bytes (\d+)-/.exec(headers.get("Content-Range") ?? "")?.[1];
  if (status === 200 || status === 206 && start !== undefined) {
    const bytes = await read(response, url, maxBytes);
    return { ...found, bytes, start: status === 206 ? Number(start) : 0 };
  }
  await response.body?.cancel();
  return { ...found, bytes: new Uint8Array() };
}

async function read(
  response: Response,
  url: URL,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > maxBytes) {
        throw new KernelError(
          "limit_exceeded",
          `Cannot fetch "${shownAddress(url)}": it is larger than ${maxBytes} bytes`,
        );
      }
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof KernelError) throw cause;
    throw new KernelError(
      "not_found",
      `Cannot fetch "${shownAddress(url)}": the server broke off (${messageOf(cause)})`,
      { cause },
    );
  }
  return joinedBytes(chunks);
}
