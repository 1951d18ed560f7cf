/** A request of a kernel to its host: for an http(s) address, or one of the six below. */
export interface PackageRequest {
  /**
   * `packages:list`, `packages:file/NAME`, `packages:bytecode/SHA256`, `packages:resolver`,
   * `packages:plan/QUESTION`, `packages:metadata/URL`, or an http(s) address of the index.
   */
  url: string;
  /** The `Accept` header, which tells in which forms the kernel takes the answer. */
  accept?: string | undefined;
}

/** The answer to a {@linkcode PackageRequest}. */
export interface PackageAnswer {
  /** A status of HTTP. */
  status: number;
  /** The content type; empty when it is unknown. */
  contentType: string;
  /** The address of the answer after redirects. */
  url: string;
  /** The body. */
  bytes: Uint8Array<ArrayBuffer>;
}

/** Answers the requests of a kernel, which it validates first. */
export type PackageBroker = (request: unknown) => Promise<PackageAnswer>;

/** Asks for the list of packages; the answer is a `PackageList` as JSON. */
export const PACKAGE_LIST = "packages:list";
/** Followed by the name of a package, asks for its file. */
export const PACKAGE_FILE = "packages:file/";
/** Followed by the SHA-256 of a wheel, asks for its compiled files; status 404 when there are none. */
export const PACKAGE_BYTECODE = "packages:bytecode/";
/** Asks for the archive with the package `deno_resolver`; status 404 when its libraries cannot be had. */
export const PACKAGE_RESOLVER = "packages:resolver";
/** Followed by a `PlanQuestion` as JSON, asks for a `PackagePlan` as JSON; status 404 when none is kept. */
export const PACKAGE_PLAN = "packages:plan/";
/** Followed by the address of a wheel of the index, asks for its METADATA; status 404 when that takes the whole wheel. */
export const PACKAGE_METADATA = "packages:metadata/";

/** Returns true for a request that is answered with a page or metadata; anything else may be a large file. */
export function isTextRequest(request: unknown): boolean {
  const url = typeof request === "object" && request !== null && "url" in request
    ? request.url
    : "";
  return typeof url === "string" &&
    (url.startsWith(PACKAGE_METADATA) || /(\/|\.metadata)$/.test(url));
}
