import { KernelError } from "../errors.ts";

/** The configured address of a server, apart from the credentials that it may contain. */
export interface ServerAddress {
  /** The address without user name, password, and slash at its end. */
  url: string;
  /** The value of an `Authorization` header; undefined when the address contains no credentials. */
  authorization: string | undefined;
}

/**
 * Takes a configured address apart, so that its credentials are in no address that a kernel, a log or an
 * error shows. `setting` names the address in errors, which never repeat it.
 *
 * @throws {KernelError} `invalid_argument`.
 */
export function parseServerAddress(text: string, setting: string): ServerAddress {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new KernelError("invalid_argument", `Cannot use ${setting}: it is no http(s) address`);
  }
  if (url.search) {
    throw new KernelError(
      "invalid_argument",
      `Cannot use ${setting}: its address has a query ("?..."), behind which no name of a package ` +
        "can be put; write credentials as https://user:password@host/path",
    );
  }
  const { username, password } = url;
  // In credentials that are not encoded, a "%" stands for itself.
  const parts = [username, password].map((part) => decodePart(part) ?? part);
  const bytes = new TextEncoder().encode(parts.join(":"));
  return {
    url: withoutCredentials(url).href.replace(/\/+$/, ""),
    authorization: username || password ? `Basic ${bytes.toBase64()}` : undefined,
  };
}

/** Removes user name, password and fragment from an address, and returns it. */
export function withoutCredentials(url: URL): URL {
  if (url.username) url.username = "";
  if (url.password) url.password = "";
  if (url.hash) url.hash = "";
  return url;
}

/** Returns an address for messages: without credentials, query and fragment, which may hold secrets. */
export function shownAddress(url: URL): string {
  return /^https?:$/.test(url.protocol) ? url.origin + url.pathname : url.href;
}

/** Returns true for the address of a server, false for the path of a directory. */
export function isUrl(text: string): boolean {
  return /^https?:/i.test(text);
}

/** Returns the last part of an address, which is a file's name; undefined when its encoding is malformed. */
export function fileNameOf({ pathname }: URL): string | undefined {
  return decodePart(pathname.slice(pathname.lastIndexOf("/") + 1));
}

/** Decodes a part of an address; returns undefined when its encoding is malformed. */
export function decodePart(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
