import type { Context } from "hono";
import { STATUS_CODES } from "node:http";
import { z } from "zod";
// @ts-types="../../../http/ws.d.ts"
import { WebSocket } from "ws";
import { messageOf } from "../../../errors/service_error.ts";
import { parseJson } from "../../../http/bounded_json.ts";
import type { ServerEnv } from "../../../http/env.ts";
import { tokensInUrl } from "../../../http/url_tokens.ts";

/** The most requests of one websocket that are answered at a time. */
const MAX_REQUESTS = 64;
/** The bytes that may wait for the client before the reading of answers pauses. */
const MAX_WAITING_BYTES = 8 * 2 ** 20;
/** The time between two looks at the bytes that wait, in milliseconds. */
const LOOK_AGAIN_MS = 50;

/** The headers that belong to the websocket, or that each request has for itself. */
const OWN_HEADERS = /^(connection|upgrade|sec-websocket-.*|content-length|content-type|accept)$/;

const TEXT = new TextDecoder();

const requestSchema = z.object({
  message_id: z.string().max(1_000).or(z.number()),
  path: z.string().max(8_192).regex(/^\//, "use a path of this server"),
  method: z.string().regex(/^[A-Za-z]{1,16}$/, "use an HTTP method").transform((it) =>
    it.toUpperCase()
  ).refine((it) => !["CONNECT", "TRACE", "TRACK"].includes(it), "use another method"),
  body: z.string().nullish(),
  body_base64: z.base64().nullish(),
});

/** Answers the requests that come as messages of one websocket, each with one message or several. */
export class RequestTunnel {
  readonly #socket: WebSocket;
  /** The request that became the websocket. */
  readonly #opening: Context<ServerEnv>;
  readonly #closed = new AbortController();
  #requests = 0;

  /** Begins to answer. The headers and the token of `opening` count for each of the requests. */
  constructor(socket: WebSocket, opening: Context<ServerEnv>) {
    this.#socket = socket;
    this.#opening = opening;
    socket.once("close", () => this.#closed.abort());
    socket.on("message", (data) => void this.#receive(TEXT.decode(data)));
  }

  async #receive(text: string): Promise<void> {
    let id: unknown;
    try {
      const message = parse(text);
      id = (message as { message_id?: unknown } | null)?.message_id;
      const asked = requestSchema.safeParse(message);
      if (!asked.success) return this.#refuse(id, 400, problems(asked.error));
      if (this.#requests >= MAX_REQUESTS) return this.#refuse(id, 429, "Too many requests at once");
      this.#requests++;
      try {
        await this.#answer(asked.data);
      } finally {
        this.#requests--;
      }
    } catch (error) {
      if (!this.#closed.signal.aborted) this.#refuse(id, 500, messageOf(error));
    }
  }

  async #answer(asked: z.infer<typeof requestSchema>): Promise<void> {
    const { message_id } = asked;
    const opening = this.#opening;
    const response = await opening.get("fetch")(this.#request(asked), opening.env);
    const { status } = response;
    const statusText = STATUS_CODES[status] ?? "";
    const headers = Object.fromEntries(response.headers);
    let part: Record<string, unknown> = { message_id, status, statusText, headers };
    let begun = false;
    // The client learns from a part that it is the last one: each is kept until there is another.
    for await (const bytes of response.body ?? []) {
      if (begun) {
        await this.#send({ ...part, done: false });
        part = { message_id };
      }
      begun = true;
      part["data"] = bytes.toBase64();
    }
    await this.#send({ ...part, done: true });
  }

  #request({ path, method, body, body_base64 }: z.infer<typeof requestSchema>): Request {
    const { raw, url } = this.#opening.req;
    const headers = new Headers([...raw.headers].filter(([name]) => !OWN_HEADERS.test(name)));
    const target = new URL(new URL(url).origin + path);
    const [token] = tokensInUrl(this.#opening);
    if (token !== undefined && !headers.has("Authorization")) {
      headers.set("Authorization", `token ${token}`);
    }
    const content = body_base64 ? Uint8Array.fromBase64(body_base64) : body ?? undefined;
    const bodiless = method === "GET" || method === "HEAD" || content === undefined;
    const { signal } = this.#closed;
    return new Request(target, { method, headers, signal, ...(!bodiless && { body: content }) });
  }

  #refuse(message_id: unknown, status: number, statusText: string): void {
    const named = typeof message_id === "string" || typeof message_id === "number"
      ? { message_id }
      : {};
    void this.#send({ ...named, status, statusText, done: true });
  }

  /** Sends a part of an answer, and waits while the client has too much to read already. */
  async #send(part: Record<string, unknown>): Promise<void> {
    const socket = this.#socket;
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify(part));
    while (socket.readyState === WebSocket.OPEN && socket.bufferedAmount > MAX_WAITING_BYTES) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
}

/** Returns a message as JSON; undefined when it is none. */
function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function problems(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".") || "message"}: ${message}`)
    .join("; ");
}
