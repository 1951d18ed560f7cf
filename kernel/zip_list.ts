/** A file of a ZIP archive, as the list at the archive's end describes it. */
export interface ZipEntry {
  name: string;
  isEncrypted: boolean;
  /** {@linkcode ZIP_STORED}, {@linkcode ZIP_DEFLATED}, or another way of compression. */
  method: number;
  crc: number;
  packedSize: number;
  size: number;
  /** The place of its local header in the archive. */
  offset: number;
}

/** The place of an archive's list of files. */
export interface ZipListPlace {
  offset: number;
  size: number;
  count: number;
}

/** The ways of compression that every program knows. */
export const ZIP_STORED = 0;
export const ZIP_DEFLATED = 8;
/** The bytes of a local header, before its name and its extra field. */
export const ZIP_LOCAL_BYTES = 30;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const ENCRYPTED = 1;

/** Finds the list of files by the last bytes of an archive; undefined when they are not those of one. */
export function findZipList(tail: Uint8Array): ZipListPlace | undefined {
  const view = viewOf(tail);
  let end = tail.length - END_BYTES;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) return undefined;
  return {
    offset: view.getUint32(end + 16, true),
    size: view.getUint32(end + 12, true),
    count: view.getUint16(end + 10, true),
  };
}

/** Reads a number of entries, with which the bytes begin; undefined when there are fewer. */
export function readZipList(list: Uint8Array, count: number): ZipEntry[] | undefined {
  const view = viewOf(list);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (entries.length < count) {
    if (at + ENTRY_BYTES > list.length || view.getUint32(at, true) !== ENTRY) return undefined;
    const half = (place: number) => view.getUint16(at + place, true);
    const word = (place: number) => view.getUint32(at + place, true);
    const nameEnd = at + ENTRY_BYTES + half(28);
    if (nameEnd > list.length) return undefined;
    entries.push({
      name: new TextDecoder().decode(list.subarray(at + ENTRY_BYTES, nameEnd)),
      isEncrypted: (half(8) & ENCRYPTED) !== 0,
      method: half(10),
      crc: word(16),
      packedSize: word(20),
      size: word(24),
      offset: word(42),
    });
    at = nameEnd + half(30) + half(32);
  }
  return entries;
}

/**
 * Returns the packed contents of a file, from bytes that begin with its local header; undefined when these are not
 * all there. The result shares the memory of the bytes.
 */
export function zipContents<T extends Uint8Array>(
  bytes: T,
  { packedSize }: Pick<ZipEntry, "packedSize">,
): T | undefined {
  if (bytes.length < ZIP_LOCAL_BYTES) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== LOCAL) return undefined;
  const start = ZIP_LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + packedSize > bytes.length) return undefined;
  return bytes.subarray(start, start + packedSize) as T;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
