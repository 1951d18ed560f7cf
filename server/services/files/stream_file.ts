import type { FileHandle } from "node:fs/promises";
import { openRegularFile } from "./regular_file.ts";

const CHUNK_BYTES = 64 * 1024;

/** Reads at most the first 4096 bytes of a regular file. */
export async function readBeginning(file: string): Promise<Uint8Array<ArrayBuffer>> {
  await using handle = await openRegularFile(file);
  const buffer = new Uint8Array(4096);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  return buffer.subarray(0, bytesRead);
}

/**
 * Returns the bytes of a regular file from `start` to before `end`. The file is opened with the first read
 * and closed at the end or with the stream's cancellation; a file that has become shorter makes the stream fail.
 */
export function streamFile(
  file: string,
  start: number,
  end: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let handle: FileHandle | undefined;
  let position = start;
  const close = async () => {
    await handle?.close();
    handle = undefined;
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        handle ??= await openRegularFile(file);
        const buffer = new Uint8Array(Math.min(CHUNK_BYTES, end - position));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0 && position < end) throw new Error("The file has become shorter");
        position += bytesRead;
        if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead));
      } catch (error) {
        await close();
        throw error;
      }
      if (position < end) return;
      await close();
      controller.close();
    },
    cancel: close,
  }, { highWaterMark: 0 });
}
