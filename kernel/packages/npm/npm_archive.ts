import { parseTar } from "npm:nanotar@0.3.0";
import { KernelError } from "../../errors.ts";
import { joinedBytes } from "../../joined_bytes.ts";

/** The most bytes of a package's files. */
const MAX_BYTES = 128 * 2 ** 20;
/** The most files of a package. */
const MAX_FILES = 20_000;
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
  const files = entriesOf(name, await unzip(name, file));
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

function entriesOf(name: string, tar: Uint8Array): { path: string; data: Uint8Array }[] {
  let entries;
  try {
    entries = parseTar(tar);
  } catch (cause) {
    throw new KernelError("protocol_violation", `Cannot import "${name}": its archive is damaged`, {
      cause,
    });
  }
  const files = new Map<string, Uint8Array>();
  for (const { name: entry, type, data } of entries) {
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
  if (files.size <= MAX_FILES) return [...files].map(([path, data]) => ({ path, data }));
  throw new KernelError(
    "limit_exceeded",
    `Cannot import "${name}": it has more than ${MAX_FILES} files`,
  );
}

async function unzip(name: string, file: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
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
    throw new KernelError("protocol_violation", `Cannot import "${name}": its archive is damaged`, {
      cause,
    });
  }
  return joinedBytes(chunks);
}
