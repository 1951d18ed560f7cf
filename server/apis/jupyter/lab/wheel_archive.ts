import { crc32, inflateRawSync } from "node:zlib";

/** A file of a wheel. */
interface Entry {
  /** The bytes as they are in the archive: deflated, or stored. */
  packed: Uint8Array<ArrayBuffer>;
  isDeflated: boolean;
  /** The number of bytes of the file itself. */
  size: number;
  crc: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
/** The header of gzip: deflated, no name, no time, no system. */
const GZIP_HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/**
 * The files of a wheel, which stay packed in memory. The caller has verified the wheel by its hash, so that its list
 * of files is believed.
 */
export class WheelArchive {
  readonly #entries = new Map<string, Entry>();

  /** @throws {Error} when the bytes are no ZIP archive, or one with unknown compression. */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let end = bytes.length - END_BYTES;
    while (end >= 0 && view.getUint32(end, true) !== END) end--;
    if (end < 0) throw new Error("the wheel is no ZIP archive");
    const count = view.getUint16(end + 10, true);
    let at = view.getUint32(end + 16, true);
    for (let index = 0; index < count; index++) {
      if (view.getUint32(at, true) !== ENTRY) throw new Error("the wheel's list is damaged");
      const [name, extra, comment] = [28, 30, 32].map((it) => view.getUint16(at + it, true));
      const path = new TextDecoder().decode(
        bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + name!),
      );
      const method = view.getUint16(at + 10, true);
      if (method !== STORED && method !== DEFLATED) {
        throw new Error(`"${path}" in the wheel is compressed in an unknown way`);
      }
      const local = view.getUint32(at + 42, true);
      const begin = local + LOCAL_BYTES + view.getUint16(local + 26, true) +
        view.getUint16(local + 28, true);
      this.#entries.set(path, {
        packed: bytes.subarray(begin, begin + view.getUint32(at + 20, true)),
        isDeflated: method === DEFLATED,
        size: view.getUint32(at + 24, true),
        crc: view.getUint32(at + 16, true),
      });
      at += ENTRY_BYTES + name! + extra! + comment!;
    }
  }

  /** The paths of all files. */
  get paths(): string[] {
    return [...this.#entries.keys()];
  }

  /** Returns a file; undefined when there is none of that path. */
  read(path: string): Uint8Array<ArrayBuffer> | undefined {
    const entry = this.#entries.get(path);
    if (!entry) return undefined;
    const { packed, isDeflated, size, crc } = entry;
    const bytes = isDeflated
      ? new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(1, size) }))
      : packed;
    if (crc32(bytes) === crc) return bytes;
    throw new Error(`"${path}" in the wheel is damaged`);
  }

  /** Returns a file as gzip has it, without packing it anew; undefined when it is not there, or not packed. */
  readGzip(path: string): Uint8Array<ArrayBuffer> | undefined {
    const entry = this.#entries.get(path);
    if (!entry?.isDeflated) return undefined;
    const { packed, size, crc } = entry;
    const bytes = new Uint8Array(GZIP_HEADER.length + packed.length + 8);
    bytes.set(GZIP_HEADER);
    bytes.set(packed, GZIP_HEADER.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(bytes.length - 8, crc, true);
    view.setUint32(bytes.length - 4, size, true);
    return bytes;
  }
}
