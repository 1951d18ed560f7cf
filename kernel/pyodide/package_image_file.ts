import { free } from "./bytes.ts";
import { readWhole, readWholeBeside } from "./image_bytes.ts";
import { type FileArchive, serveArchive } from "./file_archive.ts";
import type { FileRecord } from "./file_tree.ts";
import type { ImageRecord, PackageImage } from "./package_image.ts";

/** The first bytes of a file with an image of packages; the last one counts the versions of its format. */
export const MAGIC = new TextEncoder().encode("PYPACKS1");
const LENGTH_BYTES = 4;

/** The head of such a file: the sizes and hashes of the parts that follow it. */
export interface PackageImageHeader {
  /** Facts of the image that are known without reading it; JSON. */
  facts: unknown;
  record: PartHeader;
  pages: PartHeader;
  contents: PartHeader;
}

/** A part of such a file. */
export interface PartHeader {
  bytes: number;
  sha256: string;
}

/** An open file with an image, and the places of its parts. */
export interface OpenImageFile {
  file: Deno.FsFile;
  header: PackageImageHeader;
  recordAt: number;
  pagesAt: number;
  contentsAt: number;
}

/** Returns the bytes that a file with such parts begins with. */
export function encodeHead(header: PackageImageHeader): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(MAGIC.length + LENGTH_BYTES + text.length);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, text.length);
  bytes.set(text, MAGIC.length + LENGTH_BYTES);
  return bytes;
}

/** Opens a file with an image, of which nothing but the size is checked; the caller closes it. */
export function openImageFile(path: string): OpenImageFile {
  const file = Deno.openSync(path);
  try {
    const head = readWhole(file, 0, MAGIC.length + LENGTH_BYTES);
    if (!MAGIC.every((byte, index) => head[index] === byte)) throw new Error("it is no image");
    const length = new DataView(head.buffer).getUint32(MAGIC.length);
    const text = readWhole(file, head.length, length);
    // Written by `encodeHead`.
    const header = JSON.parse(new TextDecoder().decode(text)) as PackageImageHeader;
    const recordAt = head.length + length;
    const pagesAt = recordAt + header.record.bytes;
    const contentsAt = pagesAt + header.pages.bytes;
    const end = contentsAt + header.contents.bytes;
    if (file.statSync().size !== end) throw new Error("it is not whole");
    return { file, header, recordAt, pagesAt, contentsAt };
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Reads an image for the one kernel of this process. Its hashes are not compared, which the parent process
 * has done. The file stays open: this process may become another user, who may not open it.
 */
export async function readTrustedPackageImage(path: string): Promise<PackageImage> {
  const { file, header, recordAt, pagesAt, contentsAt } = openImageFile(path);
  // The worker comes up, and the interpreter is compiled, while this thread waits for the bytes.
  const read = (at: number, size: number) => readWholeBeside(file, at, size);
  const record = new TextDecoder().decode(await read(recordAt, header.record.bytes));
  const compiling = await readLibraries(
    JSON.parse(record) as ImageRecord,
    (at, size) => read(contentsAt + at, size),
  );
  const [modules, pages] = await Promise.all([
    Promise.all(compiling),
    read(pagesAt, header.pages.bytes),
  ]);
  const archive = serveArchive(file, contentsAt, header.contents.bytes);
  return { record, pages, archive, modules };
}

/** Returns an image whose files are in shared memory, for any number of kernels in workers. */
export async function sharePackageImage(path: string): Promise<PackageImage> {
  const { file, header, recordAt, pagesAt, contentsAt } = openImageFile(path);
  using _closed = file;
  const record = new TextDecoder().decode(readWhole(file, recordAt, header.record.bytes));
  const archive: FileArchive = {
    kind: "shared",
    bytes: readShared(file, contentsAt, header.contents.bytes),
  };
  const compiling = await readLibraries(
    JSON.parse(record) as ImageRecord,
    (at, size) => new Uint8Array(archive.bytes.subarray(at, at + size)),
  );
  const pages = readShared(file, pagesAt, header.pages.bytes);
  return { record, pages, archive, modules: await Promise.all(compiling) };
}

/** Finds the file at a path of an image. */
export function findFile(tree: FileRecord, path: string): FileRecord | undefined {
  let found: FileRecord | undefined = tree;
  for (const name of path.split("/").filter((it) => it !== "")) {
    found = found?.c && Object.hasOwn(found.c, name) ? found.c[name] : undefined;
  }
  return found;
}

/** Reads the libraries of an image one after the other; the modules are what they are being compiled to meanwhile. */
async function readLibraries(
  { tree, links }: ImageRecord,
  read: (at: number, size: number) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>,
): Promise<Promise<WebAssembly.Module>[]> {
  const compiling: Promise<WebAssembly.Module>[] = [];
  for (const { path } of links.libraries) {
    const { o, s } = findFile(tree, path) ?? {};
    if (o === undefined || s === undefined) throw new Error(`An image lacks its library ${path}`);
    const module = compile(await read(o, s));
    module.catch(() => {}); // The caller gets the failure when everything is read.
    compiling.push(module);
  }
  return compiling;
}

async function compile(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  const module = await WebAssembly.compile(bytes);
  free(bytes);
  return module;
}

const CHUNK_BYTES = 1024 * 1024;

function readShared(file: Deno.FsFile, at: number, size: number): Uint8Array<SharedArrayBuffer> {
  const bytes = new Uint8Array(new SharedArrayBuffer(size));
  for (let done = 0; done < size; done += CHUNK_BYTES) {
    // Deno cannot read into shared memory.
    bytes.set(readWhole(file, at + done, Math.min(CHUNK_BYTES, size - done)), done);
  }
  return bytes;
}
