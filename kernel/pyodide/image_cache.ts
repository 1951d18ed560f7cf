import { join } from "node:path";
import { sha256 } from "../whole_file.ts";
import { share } from "./bytes.ts";
import type { SnapshotConfig } from "./emscripten.ts";
import { type MemoryImage, PAGE_SIZE } from "./image.ts";
import { keepFile } from "./kept_files.ts";

/** The first bytes of an image file; the last one counts the versions of its format. */
const MAGIC = new TextEncoder().encode("PYIMAGE2");
const LENGTH_BYTES = 4;

/** The description of the pages, which stands before them as JSON. */
interface ImageHeader {
  byteLength: number;
  runs: number[];
  references: SnapshotConfig;
  glueId: string;
  sha256: string;
}

/** Keeps memory images in a directory, each by the fingerprint of the assets it was made from. */
export class ImageCache {
  readonly #dir: string;

  /** Creates no directory before an image is written. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Reads the image of the assets with that fingerprint; undefined when there is none or it is damaged. */
  async read(fingerprint: string): Promise<MemoryImage | undefined> {
    const path = this.path(fingerprint);
    try {
      const image = await decodeImage(await Deno.readFile(path));
      return { ...image, pages: share(image.pages) };
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) {
        console.warn(`Ignoring the memory image "${path}": ${error}`);
      }
      return undefined;
    }
  }

  /** Writes an image; returns false when it cannot be written, and then the next start makes it again. */
  async write(fingerprint: string, image: MemoryImage): Promise<boolean> {
    const path = this.path(fingerprint);
    try {
      const content = await encodeImage(image);
      await keepFile(this.#dir, fileName(fingerprint), content, /^python-.*\.(image|tmp)$/);
      return true;
    } catch (error) {
      console.warn(`Cannot keep the memory image "${path}", so each start makes its own: ${error}`);
      return false;
    }
  }

  /** Returns the path of the image of the assets with that fingerprint. */
  path(fingerprint: string): string {
    return join(this.#dir, fileName(fingerprint));
  }
}

function fileName(fingerprint: string): string {
  return `python-${fingerprint}.image`;
}

/** Returns an image as the bytes of a file: magic, length of the header, header, pages. */
export async function encodeImage(image: MemoryImage): Promise<Uint8Array> {
  const pages = new Uint8Array(image.pages);
  const text = new TextEncoder().encode(JSON.stringify({
    byteLength: image.byteLength,
    runs: [...image.runs],
    references: image.references,
    glueId: image.glueId,
    sha256: await sha256(pages),
  }));
  const bytes = new Uint8Array(MAGIC.length + LENGTH_BYTES + text.length + pages.length);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, text.length);
  bytes.set(text, MAGIC.length + LENGTH_BYTES);
  bytes.set(pages, MAGIC.length + LENGTH_BYTES + text.length);
  return bytes;
}

/** Returns the image in the bytes of a file; throws when they are not a complete image. */
export async function decodeImage(
  bytes: Uint8Array<ArrayBuffer>,
  { verify } = { verify: true },
): Promise<MemoryImage> {
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) throw new Error("it is no image");
  const headerAt = MAGIC.length + LENGTH_BYTES;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length);
  const text = new TextDecoder().decode(bytes.subarray(headerAt, headerAt + length));
  const { byteLength, runs, references, glueId, sha256: expected } = parseHeader(text);
  const pages = bytes.subarray(headerAt + length);
  const pageCount = runs.reduce((sum, value, index) => index % 2 === 1 ? sum + value : sum, 0);
  if (pages.length !== pageCount * PAGE_SIZE) throw new Error("it is not whole");
  if (verify && await sha256(pages) !== expected) throw new Error("its checksum is wrong");
  return { byteLength, runs: new Uint32Array(runs), references, glueId, pages };
}

/** Reads an image without comparing its checksum, which the parent process has done. */
export async function readTrustedImage(path: string): Promise<MemoryImage> {
  return await decodeImage(await Deno.readFile(path), { verify: false });
}

/**
 * Parses a header without a schema library: every process kernel loads this module, and the library
 * would take a twentieth of the kernel's start.
 */
function parseHeader(text: string): ImageHeader {
  const { byteLength, runs, references, glueId, sha256 } = JSON.parse(text) as ImageHeader;
  const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
  const isText = (value: unknown) => typeof value === "string";
  if (
    isCount(byteLength) && runs.every(isCount) && references.hiwireKeys.length >= 0 &&
    references.immortalKeys.every(isText) && isText(glueId) && isText(sha256)
  ) return { byteLength, runs, references, glueId, sha256 };
  throw new Error("its header is damaged");
}
