/** A proxy that passes connections on to a port of this machine until `cut` is called. */
export class TcpProxy implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #target: number;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #accepting: Promise<void>;
  #refusing = false;

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
      void server.readable.pipeTo(client.writable).catch(() => {});
    }
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // The other end has closed the connection already.
  }
}
