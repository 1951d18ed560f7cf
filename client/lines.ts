/** Reading NDJSON. */
import { ConnectionLost } from "./errors.ts";

/** The time without a byte after which a stream counts as broken; the server sends one every five seconds. */
const SILENCE_MS = 60_000;

/**
 * Yields the values of a stream of JSON lines while they come.
 *
 * @throws {ConnectionLost} when the connection breaks or says nothing any more.
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<unknown> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await readInTime(reader);
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split(
        "\n",
      );
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim()) yield JSON.parse(line);
    }
  } finally {
    await reader.cancel().catch(() => {}); // A broken stream rejects with what was thrown already.
  }
}

async function readInTime(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error("it sends nothing any more")),
      SILENCE_MS,
    );
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } catch (cause) {
    throw new ConnectionLost(
      `The connection broke: ${(cause as Error).message}`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}
