/** Servers on the loopback that kernels' sockets connect to. */
export class NetworkServers implements AsyncDisposable {
  readonly #http: Deno.HttpServer<Deno.NetAddr>;
  readonly #raw: Deno.TcpListener;
  readonly #open = new Set<Deno.TcpConn>();
  readonly #serving: Promise<void>;
  /** The number of requests that the HTTP server has had. */
  requests = 0;

  private constructor() {
    this.#http = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#answer(request),
    );
    this.#raw = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#serving = this.#accept();
  }

  static start(): NetworkServers {
    return new NetworkServers();
  }

  /** The port of the HTTP server: `/text`, `/bytes/N`, `/csv`, `/to?ADDRESS` redirects. */
  get http(): number {
    return this.#http.addr.port;
  }

  /**
   * The port of a server that reads a line: `echo` sends back the rest of what comes, `end` closes, `silent`
   * neither reads nor sends, and `flood` sends without an end.
   */
  get raw(): number {
    return this.#raw.addr.port;
  }

  /** The number of connections to the server for raw bytes that are open. */
  get connections(): number {
    return this.#open.size;
  }

  #answer(request: Request): Response {
    this.requests++;
    const { pathname, search } = new URL(request.url);
    if (pathname === "/to") return Response.redirect(decodeURIComponent(search.slice(1)));
    if (pathname === "/csv") return new Response("a,b\n1,2\n3,4\n");
    const size = /^\/bytes\/(\d+)$/.exec(pathname)?.[1];
    return new Response(size === undefined ? "hello" : new Uint8Array(Number(size)).fill(120));
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#raw) {
      this.#open.add(connection);
      void this.#talk(connection).catch(() => {}).finally(() => {
        this.#open.delete(connection);
        try {
          connection.close();
        } catch {
          // It was closed at the end of the test.
        }
      });
    }
  }

  async #talk(connection: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    let line = "";
    while (!line.includes("\n")) {
      const size = await connection.read(buffer.subarray(0, 1));
      if (size === null) return;
      line += String.fromCharCode(buffer[0]!);
    }
    switch (line.trim()) {
      case "echo":
        for (let size; (size = await connection.read(buffer)) !== null;) {
          for (let at = 0; at < size;) at += await connection.write(buffer.subarray(at, size));
        }
        return;
      case "silent":
        // Resolves when the other side ends.
        await connection.read(buffer.subarray(0, 1));
        return;
      case "flood":
        for (;;) await connection.write(buffer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#open) connection.close();
    this.#raw.close();
    await this.#serving;
    await this.#http.shutdown();
  }
}
