/** The pace of a {@linkcode TcpProxy}: each piece of so many bytes waits for so long. */
export interface Pace {
  bytes: number;
  delayMs: number;
}

/** A proxy that passes connections on to a port of this machine until `cut` is called. */
export class TcpProxy implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #target: number;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #accepting: Promise<void>;
  /** The pace of what the target sends; undefined: at once. */
  pace: Pace | undefined;
  #refusing = false;
  #cutAfter = Infinity;

  constructor(target: number) {
    this.#target = target;
    this.#accepting = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Ends every connection, and each new one until `mend` is called. */
  cut(): void {
    this.#refusing = true;
    for (const connection of this.#connections) close(connection);
    this.#connections.clear();
  }

  mend(): void {
    this.#refusing = false;
  }

  /** Cuts everything when the target has sent so many bytes from now on, in the middle of a piece. */
  cutAfter(bytes: number): void {
    this.#cutAfter = bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#listener.close();
    await this.#accepting;
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      if (this.#refusing) {
        close(client);
        continue;
      }
      const server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      for (const connection of [client, server]) this.#connections.add(connection);
      void client.readable.pipeTo(server.writable).catch(() => {});
      void server.readable.pipeThrough(this.#paced()).pipeTo(client.writable).catch(() => {});
    }
  }

  #paced(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
    return new TransformStream({
      transform: async (chunk, controller) => {
        for (let at = 0; at < chunk.length;) {
          if (this.pace) {
            const { delayMs } = this.pace;
            await new Promise((resolve) => setTimeout(resolve, delayMs));
          }
          const size = Math.min(this.pace?.bytes ?? Infinity, this.#cutAfter, chunk.length - at);
          controller.enqueue(chunk.slice(at, at + size));
          at += size;
          this.#cutAfter -= size;
          if (this.#cutAfter > 0) continue;
          this.#cutAfter = Infinity;
          // The other end has to see the half before the cut.
          await new Promise((resolve) => setTimeout(resolve, 20));
          this.cut();
          return controller.terminate();
        }
      },
    });
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // The other end has closed the connection already.
  }
}
