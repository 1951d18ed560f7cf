/** What a kernel asks its host for: an address, or one of those below. */
export interface PackageRequest {
  /** `packages:list`, `packages:file/NAME`, `packages:bytecode/SHA256`, or an http(s) address of the index. */
  url: string;
  /** What to get, of several forms. */
  accept?: string | undefined;
}

/** What a kernel is given. */
export interface PackageAnswer {
  /** HTTP's. */
  status: number;
  /** What it is; empty when nobody said. */
  contentType: string;
  /** Where it was in the end. */
  url: string;
  /** What was there. */
  bytes: Uint8Array<ArrayBuffer>;
}

/** Answers a kernel's requests, which nobody has looked at. */
export type PackageBroker = (request: unknown) => Promise<PackageAnswer>;

/** Asks for what there is; the answer is a `PackageList` as JSON. */
export const PACKAGE_LIST = "packages:list";
/** Before the name of a package, asks for its file. */
export const PACKAGE_FILE = "packages:file/";
/** Before the SHA-256 of a wheel, asks for its compiled files; status 404 when there are none. */
export const PACKAGE_BYTECODE = "packages:bytecode/";
