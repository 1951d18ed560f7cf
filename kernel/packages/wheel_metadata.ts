import { crc32, inflateRawSync } from "node:zlib";

/** A part of a file. */
export interface FilePart {
  bytes: Uint8Array<ArrayBuffer>;
  /** The place of the part in the file. */
  start: number;
}

/** Reads a part of a file by the value of a `Range` header; undefined when the server cannot give one. */
export type ReadPart = (range: string) => Promise<FilePart | undefined>;

interface Member {
  isDeflated: boolean;
  crc: number;
  packedSize: number;
  size: number;
  /** The place of its local header in the file. */
  offset: number;
  nameLength: number;
}

/** The bytes that are read first: most wheels have their metadata and the list of their files at the end. */
const TAIL_BYTES = 128 * 1024;
/** The size up to which the list of files, and the metadata, are read. */
const MAX_BYTES = 8 * 2 ** 20;
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
/** The room for the extra field of a local header, whose length the list of files does not tell. */
const EXTRA_BYTES = 1_024;
const STORED = 0;
const DEFLATED = 8;
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
  const list = await readList(tail, read);
  const member = list && findMetadata(list);
  return member && await readMember(member, tail, read);
}

/** Returns the list of files, which ends before the last record. */
async function readList(tail: FilePart, read: ReadPart): Promise<Uint8Array | undefined> {
  const view = viewOf(tail.bytes);
  let end = tail.bytes.length - END_BYTES;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) return undefined;
  const size = view.getUint32(end + 12, true), offset = view.getUint32(end + 16, true);
  return await partAt(offset, size, tail, read);
}

function findMetadata(list: Uint8Array): Member | undefined {
  const view = viewOf(list);
  for (let at = 0; at + ENTRY_BYTES <= list.length && view.getUint32(at, true) === ENTRY;) {
    const [nameLength, extra, comment] = [28, 30, 32].map((it) => view.getUint16(at + it, true));
    const name = list.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength!);
    const method = view.getUint16(at + 10, true);
    const isReadable = method === STORED || method === DEFLATED;
    if (isReadable && METADATA.test(new TextDecoder().decode(name))) {
      return {
        isDeflated: method === DEFLATED,
        crc: view.getUint32(at + 16, true),
        packedSize: view.getUint32(at + 20, true),
        size: view.getUint32(at + 24, true),
        offset: view.getUint32(at + 42, true),
        nameLength: nameLength!,
      };
    }
    at += ENTRY_BYTES + nameLength! + extra! + comment!;
  }
  return undefined;
}

async function readMember(
  { isDeflated, crc, packedSize, size, offset, nameLength }: Member,
  tail: FilePart,
  read: ReadPart,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (size > MAX_BYTES) return undefined;
  const most = LOCAL_BYTES + nameLength + EXTRA_BYTES + packedSize;
  const part = await partAt(offset, most, tail, read);
  if (!part || part.length < LOCAL_BYTES) return undefined;
  const view = viewOf(part);
  if (view.getUint32(0, true) !== LOCAL) return undefined;
  const begin = LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  const packed = part.subarray(begin, begin + packedSize);
  if (packed.length < packedSize) return undefined;
  try {
    const bytes = isDeflated ? inflateRawSync(packed, { maxOutputLength: size || 1 }) : packed;
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

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
