import { parseTar } from "npm:nanotar@0.3.0";
import { KernelError } from "../../errors.ts";
import { joinedBytes } from "../../joined_bytes.ts";

/** The most bytes of a package's files. */
const MAX_BYTES = 128 * 2 ** 20;
/** The most files of a package. */
const MAX_FILES = 20_000;
/** The most entries of an archive, some of which describe the next one. */
const MAX_ENTRIES = 2 * MAX_FILES + 1_000;
/** The entries that are parsed at a time. */
const PART_ENTRIES = 500;
const BLOCK = 512;
/** The place of an entry's type, and of its size with its length. */
const TYPE_AT = 156;
const SIZE_AT = 124;
const SIZE_LENGTH = 12;
/** The types of the entries that describe the next one, and the most bytes of one. */
const DESCRIBING = "xgLKNX";
const MAX_HEADER_BYTES = 64 * 1_024;
/** The files that no program reads. */
const UNUSED = /(\.map|\.d\.[mc]?ts|\.md|\.markdown|\.flow)$|(^|\/)\.|(^|\/)(tests?|__tests__)\//i;
/** The files of machine code. */
const NATIVE = /(\.node|(^|\/)binding\.gyp)$/;

/**
 * Unpacks the file of a package, and packs what programs read of it: the length of a header, the header, which is
 * JSON with the paths and sizes of the files, and their bytes.
 *
 * @throws {KernelError} `permission_denied` for machine code; `protocol_violation` for a damaged file.
 */
export async function repack(
  name: string,
  file: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const files = await entriesOf(name, await unzip(name, file));
  const header = new TextEncoder().encode(
    JSON.stringify(files.map(({ path, data }) => [path, data.length])),
  );
  const size = files.reduce((sum, { data }) => sum + data.length, 4 + header.length);
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, header.length);
  bytes.set(header, 4);
  let at = 4 + header.length;
  for (const { data } of files) {
    bytes.set(data, at);
    at += data.length;
  }
  return bytes;
}

async function entriesOf(
  name: string,
  tar: Uint8Array<ArrayBuffer>,
): Promise<{ path: string; data: Uint8Array }[]> {
  const files = new Map<string, Uint8Array>();
  for (const part of partsOf(name, tar)) {
    for (const { name: entry, type, data } of parsePart(name, part)) {
      // Links and devices are nothing that a package needs.
      if (type !== "file" && type !== "contiguousFile") continue;
      const path = entry.split("/").slice(1).join("/");
      if (path === "" || path.split("/").includes("..") || path.includes("\0")) continue;
      if (NATIVE.test(path)) {
        throw new KernelError(
          "permission_denied",
          `Cannot import "${name}": it has machine code (${path}), and kernels get packages of pure JavaScript only`,
        );
      }
      if (!UNUSED.test(path)) files.set(path, data ?? new Uint8Array());
    }
    if (files.size > MAX_FILES) throw tooMany(name);
    // Other requests are answered between the parts.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return [...files].map(([path, data]) => ({ path, data }));
}

function parsePart(name: string, part: Uint8Array<ArrayBuffer>) {
  try {
    return parseTar(part);
  } catch (cause) {
    throw damaged(name, cause);
  }
}

/** Divides an archive into some that have a few entries each. */
function* partsOf(name: string, tar: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  const part = (from: number, to: number) => {
    // The parser reads no entry that ends with the archive.
    const bytes = new Uint8Array(to - from + 2 * BLOCK);
    bytes.set(tar.subarray(from, to));
    return bytes;
  };
  let [start, entries, all] = [0, 0, 0];
  let at = 0;
  while (at + BLOCK <= tar.length && tar[at] !== 0) {
    const digits = new TextDecoder().decode(tar.subarray(at + SIZE_AT, at + SIZE_AT + SIZE_LENGTH));
    const size = Number.parseInt(digits, 8);
    const describes = DESCRIBING.includes(String.fromCharCode(tar[at + TYPE_AT]!));
    if (!(size >= 0) || describes && size > MAX_HEADER_BYTES) throw damaged(name);
    if (++all > MAX_ENTRIES) throw tooMany(name);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (at > tar.length) throw damaged(name);
    // An entry stays with those that describe it.
    if (++entries < PART_ENTRIES || describes) continue;
    yield part(start, at);
    [start, entries] = [at, 0];
  }
  if (at > start) yield part(start, at);
}

function damaged(name: string, cause?: unknown): KernelError {
  return new KernelError(
    "protocol_violation",
    `Cannot import "${name}": its archive is damaged`,
    cause === undefined ? {} : { cause },
  );
}

function tooMany(name: string): KernelError {
  return new KernelError(
    "limit_exceeded",
    `Cannot import "${name}": it has more than ${MAX_FILES} files`,
  );
}

async function unzip(
  name: string,
  file: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = new Blob([file]).stream().pipeThrough(new DecompressionStream("gzip"));
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > MAX_BYTES) {
        throw new KernelError(
          "limit_exceeded",
          `Cannot import "${name}": it unpacks to more than ${MAX_BYTES} bytes`,
        );
      }
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof KernelError) throw cause;
    throw damaged(name, cause);
  }
  return joinedBytes(chunks);
}
