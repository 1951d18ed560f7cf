/** The compiled files of a package, as `deno_kernel.packages.bytecode` writes them. */
export interface BytecodeArchive {
  header: BytecodeHeader;
  /** The files' contents, one after the other. */
  contents: Uint8Array<ArrayBuffer>;
}

/** What is in a {@linkcode BytecodeArchive}. */
export interface BytecodeHeader {
  /** The path of each file below the packages, and its size in bytes. */
  files: [path: string, size: number][];
  /** The package's list of its files; null: it has none. */
  record: string | null;
}

/** The parts of such an archive; throws when it is none. Its header is as it was found. */
export function readBytecodeArchive(bytes: Uint8Array<ArrayBuffer>): BytecodeArchive {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  return { header: JSON.parse(text), contents: bytes.subarray(4 + length) };
}
