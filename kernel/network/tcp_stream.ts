import { ByteQueue, type ByteStream, Notice, type Readiness } from "./byte_stream.ts";

/** The part of a connection of the engine that a stream needs. */
export type TcpConnection = Pick<
  Deno.TcpConn,
  | "read"
  | "write"
  | "close"
  | "closeWrite"
  | "localAddr"
  | "remoteAddr"
  | "setNoDelay"
  | "setKeepAlive"
>;

/** The most bytes that have come and were not read; a sender that is ahead of the reader has to wait. */
const MAX_READ_AHEAD = 512 * 1024;
/** The most bytes that were written and not sent. */
const MAX_UNSENT = 512 * 1024;
const READ_BYTES = 64 * 1024;

/** A connection of the engine, of which reads and writes take place in the background. */
export class TcpStream implements ByteStream {
  readonly #connection: TcpConnection;
  readonly #onReleased: () => void;
  readonly #received = new ByteQueue();
  readonly #unsent = new ByteQueue();
  readonly #changed = new Notice();
  #failure: unknown;
  #ended = false;
  #reading = false;
  #sending = false;
  #writingEnded = false;
  #closed = false;
  #released = false;

  /** Begins to read. The connection is the stream's from now on; `onReleased` is called when it is closed. */
  constructor(connection: TcpConnection, onReleased: () => void = () => {}) {
    this.#connection = connection;
    this.#onReleased = onReleased;
    void this.#receive();
  }

  get readiness(): Readiness {
    const over = this.#closed || this.#failure !== undefined;
    return {
      readable: over || this.#ended || this.#received.bytes > 0,
      available: this.#received.bytes,
      writable: over || this.#writingEnded || this.#unsent.bytes < MAX_UNSENT,
      hungUp: over || this.#ended && this.#writingEnded,
    };
  }

  read(max: number, peeking = false): Uint8Array | null | undefined {
    if (this.#received.bytes > 0) {
      const taken = this.#received.take(max, peeking);
      void this.#receive();
      return taken;
    }
    if (this.#failure !== undefined) throw this.#failure;
    return this.#ended || this.#closed ? null : undefined;
  }

  write(bytes: Uint8Array): number {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#writingEnded) throw new Deno.errors.BrokenPipe("Broken pipe");
    const taken = Math.min(bytes.length, MAX_UNSENT - this.#unsent.bytes);
    this.#unsent.push(bytes.slice(0, taken));
    void this.#send();
    return taken;
  }

  endWriting(): void {
    if (this.#writingEnded) return;
    this.#writingEnded = true;
    void this.#send();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#received.clear();
    // Bytes that were written before are sent, as by a socket of the system.
    this.#writingEnded = true;
    void this.#send();
  }

  /** Ends the connection at once; what was not sent is lost. */
  abort(): void {
    this.#closed = true;
    this.#writingEnded = true;
    this.#received.clear();
    this.#unsent.clear();
    this.#release();
  }

  changed(): Promise<void> {
    return this.#changed.wait();
  }

  async #receive(): Promise<void> {
    if (this.#reading || this.#ended) return;
    this.#reading = true;
    try {
      while (!this.#closed && this.#received.bytes < MAX_READ_AHEAD) {
        const buffer = new Uint8Array(READ_BYTES);
        const size = await this.#connection.read(buffer);
        if (size === null) this.#ended = true;
        else if (!this.#closed) this.#received.push(buffer.subarray(0, size));
        this.#changed.give();
        if (this.#ended) break;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#reading = false;
    }
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this.#unsent.bytes > 0) {
        const chunk = this.#unsent.take(MAX_UNSENT);
        for (let at = 0; at < chunk.length;) {
          at += await this.#connection.write(chunk.subarray(at));
        }
        this.#changed.give();
      }
      if (this.#writingEnded && !this.#closed) await this.#connection.closeWrite();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#sending = false;
      if (this.#closed) this.#release();
    }
  }

  #fail(error: unknown): void {
    if (!this.#closed) this.#failure ??= error;
    this.#changed.give();
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#changed.give();
    try {
      this.#connection.close();
    } catch {
      // The engine has closed it already.
    }
    this.#onReleased();
  }
}
