import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { legacyFormat, V1_PROTOCOL, v1Format } from "../../server/apis/jupyter/channels/frames.ts";
import type { JupyterMessage } from "../../server/apis/jupyter/channels/message.ts";
import type { TestServer } from "./server.ts";

/** A client of a kernel's channels that sees every message. */
export interface ChannelsClient extends AsyncDisposable {
  socket: WebSocket;
  /** The messages so far. */
  messages: JupyterMessage[];
  /** Resolves when the connection is closed. */
  closed: Promise<CloseEvent>;
  /** Sends a message and returns its id. */
  send(
    msg_type: string,
    content: object,
    channel?: JupyterMessage["channel"],
    msg_id?: string,
  ): string;
  /** Resolves with the first message for which `fits` answers true, among the past and the future ones. */
  find(fits: (message: JupyterMessage) => boolean): Promise<JupyterMessage>;
}

/** Connects a client to a kernel's channels; a client that comes back gives the same `session`. */
export async function connectChannels(
  server: TestServer,
  kernelId: string,
  { session = "", protocol = true }: { session?: string; protocol?: boolean } = {},
): Promise<ChannelsClient> {
  const query = session ? `?session_id=${session}` : "";
  const url = `${
    (await server.listen()).replace("http", "ws")
  }/api/kernels/${kernelId}/channels${query}`;
  const socket = new WebSocket(url, protocol ? [V1_PROTOCOL] : []);
  socket.binaryType = "arraybuffer";
  const format = protocol ? v1Format : legacyFormat;
  const messages: JupyterMessage[] = [];
  const arrivals = new EventTarget();
  socket.addEventListener("message", ({ data }) => {
    messages.push(format.decode(data));
    arrivals.dispatchEvent(new Event("message"));
  });
  const closed = Promise.withResolvers<CloseEvent>();
  socket.addEventListener("close", closed.resolve, { once: true });
  const opened = Promise.withResolvers<unknown>();
  socket.addEventListener("open", opened.resolve, { once: true });
  await opened.promise;
  assert.equal(socket.protocol, protocol ? V1_PROTOCOL : "");
  return {
    socket,
    messages,
    closed: closed.promise,
    send(msg_type, content, channel = "shell", msg_id = crypto.randomUUID()) {
      const header = { msg_id, msg_type, username: "", session, date: "", version: "5.3" };
      socket.send(format.encode({
        channel,
        header,
        parent_header: {},
        metadata: {},
        content: { ...content },
        buffers: [],
      }));
      return msg_id;
    },
    async find(fits) {
      for (;;) {
        const found = messages.find(fits);
        if (found) return found;
        const { promise, resolve } = Promise.withResolvers<unknown>();
        arrivals.addEventListener("message", resolve, { once: true });
        await promise;
      }
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await closed.promise;
    },
  };
}

/** Recognizes messages of a type that are about a request. */
export function about(id: string, type: string): (message: JupyterMessage) => boolean {
  return ({ header, parent_header }) => header.msg_type === type && parent_header["msg_id"] === id;
}

/** Resolves when the server has noticed that a kernel's clients are gone. */
export async function disconnected(server: TestServer, kernelId: string): Promise<void> {
  while ((await server.json(200, "GET", `/api/kernels/${kernelId}`)).connections > 0) {
    // The server learns of the end in a turn of the event loop, which the requests alone do not take.
    await delay(0);
  }
}
