import type { FileEntry } from "../../../../kernel/mod.ts";
import type { KernelHandle } from "../../../services/kernels/handle.ts";

/** A part of a file. */
export interface FilePart {
  /** The file as a whole. */
  entry: FileEntry;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Reads at most `limit` bytes of a file, from `offset` on. */
export async function readPart(
  files: KernelHandle["files"],
  path: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<FilePart> {
  const { entry, stream } = await files.read(path);
  const parts: Uint8Array[] = [];
  let position = 0;
  let size = 0;
  for await (const chunk of stream) {
    const part = chunk.subarray(Math.max(0, offset - position), offset - position + limit);
    position += chunk.length;
    parts.push(part);
    size += part.length;
    if (position >= offset + limit) break;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { entry, bytes };
}
