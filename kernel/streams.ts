/** One of the two output streams of an interpreter. */
export type StreamName = "stdout" | "stderr";

/** Takes text of one of the two output streams. */
export type TextSink = (name: StreamName, text: string) => void;

/** The size of the text that gathers before it is handed on, in bytes. */
const GATHERED_BYTES = 256 * 1024;

/**
 * Turns the bytes of stdout and stderr into text: characters that arrive in pieces are put together,
 * and consecutive writes to one stream are joined until `flush`.
 */
export class Utf8Streams {
  readonly #sink: TextSink;
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  #name: StreamName = "stdout";
  #text: string[] = [];
  #bytes = 0;

  /** `sink` gets the text in the order of the writes. */
  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  /** Takes bytes, which may be reused afterwards. */
  write(name: StreamName, bytes: Uint8Array): void {
    if (name !== this.#name) this.flush();
    this.#name = name;
    this.#text.push(this.#decoders[name].decode(bytes, { stream: true }));
    this.#bytes += bytes.length;
    if (this.#bytes >= GATHERED_BYTES) this.flush();
  }

  /** Hands on what has gathered. */
  flush(): void {
    const text = this.#text.join("");
    this.#text = [];
    this.#bytes = 0;
    if (text !== "") this.#sink(this.#name, text);
  }
}
