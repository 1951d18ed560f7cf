import { splitV1Frame, V1_PROTOCOL } from "../kernel/mod.ts";
import { v1Format } from "../server/apis/jupyter/channels/frames.ts";

const decoder = new TextDecoder();

/** A client of a kernel's channels that sends one request at a time. */
export class ChannelsClient {
  readonly #socket: WebSocket;
  readonly #opened = Promise.withResolvers<unknown>();
  #wanted: { id: string; done: () => void; left: Set<string> } | undefined;

  constructor({ url, token }: { url: string; token: string }, kernelId: string) {
    const path = `/api/kernels/${kernelId}/channels?session_id=${crypto.randomUUID()}`;
    const query = token ? `&token=${token}` : "";
    this.#socket = new WebSocket(`${url.replace("http", "ws")}${path}${query}`, V1_PROTOCOL);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.addEventListener("open", this.#opened.resolve);
    this.#socket.addEventListener("error", this.#opened.reject);
    this.#socket.addEventListener("message", ({ data }) => this.#receive(data));
  }

  async open(): Promise<void> {
    await this.#opened.promise;
  }

  /** Sends a request and resolves when both its reply and the status `idle` have arrived. */
  async ask(msg_type: string, content: Record<string, unknown>): Promise<void> {
    const id = crypto.randomUUID();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wanted = { id, done: resolve, left: new Set(["reply", "idle"]) };
    const header = {
      msg_id: id,
      msg_type,
      username: "",
      session: "bench",
      date: new Date().toISOString(),
      version: "5.3",
    };
    this.#socket.send(v1Format.encode({
      channel: "shell",
      header,
      parent_header: {},
      metadata: {},
      content,
      buffers: [],
    }));
    await promise;
  }

  close(): void {
    this.#socket.close();
  }

  #receive(frame: ArrayBuffer): void {
    // All parts are parsed, as any client does.
    const [, header, parent, , content] = splitV1Frame(frame, 5).map((part, index) =>
      index === 0 ? "" : JSON.parse(decoder.decode(part))
    );
    const wanted = this.#wanted;
    if (parent.msg_id !== wanted?.id) return;
    if (header.msg_type.endsWith("_reply")) wanted?.left.delete("reply");
    if (content.execution_state === "idle") wanted?.left.delete("idle");
    if (wanted?.left.size === 0) wanted.done();
  }
}

/** Executes a cell, and resolves when it is over. */
export async function execute(client: ChannelsClient, code: string): Promise<void> {
  await client.ask("execute_request", { code, silent: false, allow_stdin: false });
}
