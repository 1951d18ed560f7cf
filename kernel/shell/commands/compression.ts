import { joinedBytes } from "../../joined_bytes.ts";

/** Taken before the globals are reduced and user code runs. */
const { CompressionStream: Compression, DecompressionStream: Decompression, Response: Body } =
  globalThis;

/** The most bytes that an archive may unpack to. */
export const MAX_UNPACKED_BYTES = 512 * 2 ** 20;

/** Compresses bytes in the form of gzip. */
export async function gzipped(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return await through(bytes, new Compression("gzip"));
}

/**
 * Unpacks bytes in the form of gzip.
 *
 * @throws {RangeError} when they are too many; {Error} when they have another form.
 */
export async function gunzipped(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return await unpacked(bytes, "gzip");
}

/** Compresses bytes without a header. */
export async function deflated(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return await through(bytes, new Compression("deflate-raw"));
}

/** Unpacks bytes without a header; throws as `gunzipped` does. */
export async function inflated(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return await unpacked(bytes, "deflate-raw");
}

async function unpacked(
  bytes: Uint8Array,
  form: "gzip" | "deflate-raw",
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await through(bytes, new Decompression(form));
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new Error(form === "gzip" ? "not in gzip format" : "the compressed bytes are damaged");
  }
}

/** Sends bytes through a stream, and refuses more than an archive may unpack to. */
async function through(
  bytes: Uint8Array,
  stream: { readable: ReadableStream; writable: WritableStream },
): Promise<Uint8Array<ArrayBuffer>> {
  const source = new Body(bytes.slice()).body!;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of source.pipeThrough(stream) as ReadableStream<Uint8Array>) {
    size += part.length;
    if (size > MAX_UNPACKED_BYTES) {
      throw new RangeError(`it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
    }
    parts.push(part);
  }
  return joinedBytes(parts);
}
