/** The compiled files of a package, in the form in which `deno_kernel.packages.bytecode` writes them. */
export interface BytecodeArchive {
  header: BytecodeHeader;
  /** The files' contents, each deflated (RFC 1951), one after the other. */
  contents: Uint8Array<ArrayBuffer>;
}

/** The list of the files in a {@linkcode BytecodeArchive}. */
export interface BytecodeHeader {
  /** The path of each file below site-packages, its size in bytes, and that of its deflated contents. */
  files: [path: string, size: number, packedSize: number][];
  /** The path of the package's RECORD below site-packages; null when it has none. */
  record: string | null;
}

/** Splits an archive into header and contents; throws when it has none. The header is not validated. */
export function readBytecodeArchive(bytes: Uint8Array<ArrayBuffer>): BytecodeArchive {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  return { header: JSON.parse(text), contents: bytes.subarray(4 + length) };
}
