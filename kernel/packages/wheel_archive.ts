import { crc32, inflateRawSync } from "node:zlib";
import {
  findZipList,
  readZipList,
  ZIP_DEFLATED,
  ZIP_STORED,
  zipContents,
  type ZipEntry,
} from "../zip_list.ts";

/** The header of gzip: deflated, no name, no time, no system. */
const GZIP_HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/**
 * The files of a wheel, which stay packed in memory. The caller has verified the wheel by its hash, so that its list
 * of files is believed.
 */
export class WheelArchive {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  /**
   * Reads the list of the files.
   *
   * @throws {Error} when the bytes are no ZIP archive, or one with unknown compression.
   */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    const place = findZipList(bytes);
    const entries = place && readZipList(bytes.subarray(place.offset), place.count);
    if (!entries) throw new Error("the wheel is no ZIP archive, or is damaged");
    const unknown = entries.find((it) => ![ZIP_STORED, ZIP_DEFLATED].includes(it.method));
    if (unknown) throw new Error(`"${unknown.name}" in the wheel is compressed in an unknown way`);
    this.#bytes = bytes;
    this.#entries = new Map(entries.map((it) => [it.name, it]));
  }

  /** The paths of all files. */
  get paths(): string[] {
    return [...this.#entries.keys()];
  }

  /**
   * Returns a file; undefined when there is none of that path.
   *
   * @throws {Error} when it is damaged.
   */
  read(path: string): Uint8Array<ArrayBuffer> | undefined {
    const entry = this.#entries.get(path);
    if (!entry) return undefined;
    const packed = this.#packed(entry);
    const bytes = entry.method === ZIP_DEFLATED
      ? new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) }))
      : packed;
    if (crc32(bytes) === entry.crc) return bytes;
    throw damaged(entry);
  }

  /**
   * Returns a file as gzip has it, without packing it anew; undefined when it is not there, or not packed.
   *
   * @throws {Error} when it is damaged.
   */
  readGzip(path: string): Uint8Array<ArrayBuffer> | undefined {
    const entry = this.#entries.get(path);
    if (entry?.method !== ZIP_DEFLATED) return undefined;
    const packed = this.#packed(entry);
    const bytes = new Uint8Array(GZIP_HEADER.length + packed.length + 8);
    bytes.set(GZIP_HEADER);
    bytes.set(packed, GZIP_HEADER.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(bytes.length - 8, entry.crc, true);
    view.setUint32(bytes.length - 4, entry.size, true);
    return bytes;
  }

  #packed(entry: ZipEntry): Uint8Array<ArrayBuffer> {
    const packed = zipContents(this.#bytes.subarray(entry.offset), entry);
    if (packed) return packed;
    throw damaged(entry);
  }
}

function damaged({ name }: ZipEntry): Error {
  return new Error(`"${name}" in the wheel is damaged`);
}
