/** A message of a Jupyter kernel's websocket, as JSON. */
export interface JupyterMessage {
  channel: string;
  header: { msg_id: string; msg_type: string; session: string };
  content: Record<string, unknown>;
}

/** The end of one websocket at a {@linkcode FakeJupyterServer}. */
export interface FakeChannels {
  /** Sends a frame as it is. */
  raw(frame: string | Uint8Array<ArrayBuffer>): void;
  /** Sends a message about a request. */
  send(channel: string, type: string, content: unknown, parent?: unknown): void;
  /** Answers as a kernel does: busy, the outputs of `between`, the reply, idle. */
  answer(request: JupyterMessage, content: unknown, between?: () => void): void;
  close(): void;
}

/** The parts of a {@linkcode FakeJupyterServer} that a test replaces. */
export interface FakeJupyterBehaviour {
  /** Answers a request to the REST API; undefined: as a Jupyter server does. */
  rest?: (request: Request, path: string) => Response | undefined | Promise<Response | undefined>;
  /** Called for each websocket that opens. */
  onOpen?: (channels: FakeChannels) => void;
  /** Handles a request to the kernel; false: it is answered as a kernel does. */
  onMessage?: (message: JupyterMessage, channels: FakeChannels) => boolean;
}

/** A Jupyter server with one kind of kernels and one kernel, which misbehaves as a test says. */
export class FakeJupyterServer implements AsyncDisposable {
  /** The requests that came, such as `DELETE /api/kernels/k1`. */
  readonly requests: string[] = [];
  readonly sockets: Set<WebSocket> = new Set();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #behaviour: FakeJupyterBehaviour;

  constructor(behaviour: FakeJupyterBehaviour = {}) {
    this.#behaviour = behaviour;
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#handle(request));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.close();
    await this.#server.shutdown();
  }

  async #handle(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    this.requests.push(`${request.method} ${path}`);
    const own = await this.#behaviour.rest?.(request, path);
    if (own) return own;
    if (path.endsWith("/channels")) return this.#upgrade(request);
    if (path === "/api/kernelspecs") return Response.json(specsOf(["python3"]));
    if (request.method === "DELETE") return new Response(null, { status: 204 });
    return Response.json({ id: "k1", name: "python3" });
  }

  #upgrade(request: Request): Response {
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 0 });
    const channels = channelsOf(socket);
    this.sockets.add(socket);
    socket.onclose = () => this.sockets.delete(socket);
    socket.onerror = () => {};
    socket.onopen = () => this.#behaviour.onOpen?.(channels);
    socket.onmessage = ({ data }) => {
      const message: JupyterMessage = JSON.parse(data);
      if (this.#behaviour.onMessage?.(message, channels)) return;
      channels.answer(message, { status: "ok", execution_count: 1 });
    };
    return response;
  }
}

/** Returns the answer to `GET /api/kernelspecs` of a server with these kinds. */
export function specsOf(names: readonly string[]): object {
  const kernelspecs = Object.fromEntries(
    names.map((name) => [name, { name, spec: { language: "python", display_name: name } }]),
  );
  return { default: names[0], kernelspecs };
}

function channelsOf(socket: WebSocket): FakeChannels {
  const channels: FakeChannels = {
    raw: (frame) => socket.readyState === WebSocket.OPEN && socket.send(frame),
    send(channel, msg_type, content, parent_header = {}) {
      const header = { msg_id: crypto.randomUUID(), msg_type, session: "kernel" };
      channels.raw(JSON.stringify({ channel, header, parent_header, metadata: {}, content }));
    },
    answer({ header }, content, between = () => {}) {
      channels.send("iopub", "status", { execution_state: "busy" }, header);
      between();
      const type = header.msg_type.replace("_request", "_reply");
      channels.send("shell", type, content, header);
      channels.send("iopub", "status", { execution_state: "idle" }, header);
    },
    close: () => socket.close(),
  };
  return channels;
}
