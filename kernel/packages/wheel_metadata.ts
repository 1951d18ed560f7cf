import { crc32, inflateRawSync } from "node:zlib";
import {
  findZipList,
  readZipList,
  ZIP_DEFLATED,
  ZIP_LOCAL_BYTES,
  ZIP_STORED,
  zipContents,
  type ZipEntry,
} from "../zip_list.ts";

/** A part of a file. */
export interface FilePart {
  bytes: Uint8Array<ArrayBuffer>;
  /** The place of the part in the file. */
  start: number;
}

/** Reads a part of a file by the value of a `Range` header; undefined when the server cannot give one. */
export type ReadPart = (range: string) => Promise<FilePart | undefined>;

/** The bytes that are read first: most wheels have their metadata and the list of their files at the end. */
const TAIL_BYTES = 128 * 1024;
/** The size up to which the list of files, and the metadata, are read. */
const MAX_BYTES = 8 * 2 ** 20;
/** The room for the extra field of a local header, whose length the list of files does not tell. */
const EXTRA_BYTES = 1_024;
const METADATA = /^[^/]+\.dist-info\/METADATA$/;

/**
 * Reads the METADATA of a wheel by parts of the file, so that the wheel need not be fetched. Returns undefined when
 * the server gives no parts, or the file has an unusual form or is damaged.
 */
export async function readWheelMetadata(
  read: ReadPart,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const tail = await read(`bytes=-${TAIL_BYTES}`);
  if (!tail) return undefined;
  const entry = (await readList(tail, read))?.find(({ name, method }) =>
    METADATA.test(name) && (method === ZIP_STORED || method === ZIP_DEFLATED)
  );
  return entry && await readFile(entry, tail, read);
}

async function readList(tail: FilePart, read: ReadPart): Promise<ZipEntry[] | undefined> {
  const place = findZipList(tail.bytes);
  const list = place && await partAt(place.offset, place.size, tail, read);
  return list && readZipList(list, place.count);
}

async function readFile(
  entry: ZipEntry,
  tail: FilePart,
  read: ReadPart,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { name, method, crc, packedSize, size, offset } = entry;
  if (size > MAX_BYTES) return undefined;
  const nameBytes = new TextEncoder().encode(name).length;
  const most = ZIP_LOCAL_BYTES + nameBytes + EXTRA_BYTES + packedSize;
  const part = await partAt(offset, most, tail, read);
  const packed = part && zipContents(part, entry);
  if (!packed) return undefined;
  try {
    const bytes = method === ZIP_DEFLATED
      ? inflateRawSync(packed, { maxOutputLength: size || 1 })
      : packed;
    return crc32(bytes) === crc ? new Uint8Array(bytes) : undefined;
  } catch {
    return undefined; // It is damaged.
  }
}

/** Returns the bytes from a place in the file on, as many as there are; from the tail if it has them. */
async function partAt(
  offset: number,
  size: number,
  tail: FilePart,
  read: ReadPart,
): Promise<Uint8Array | undefined> {
  if (size === 0 || size > MAX_BYTES) return undefined;
  if (offset >= tail.start) {
    return tail.bytes.subarray(offset - tail.start, offset - tail.start + size);
  }
  const part = await read(`bytes=${offset}-${offset + size - 1}`);
  return part?.start === offset ? part.bytes.subarray(0, size) : undefined;
}
