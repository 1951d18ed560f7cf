import { z } from "npm:zod@4.6.7";
import { KernelError, messageOf } from "../../errors.ts";
import { splitJsonObject } from "../../json_text.ts";
import type { RemoteServer } from "../../remote_options.ts";

/** The largest answer of a server that is no file, in bytes. */
const MAX_ANSWER_BYTES = 32 * 2 ** 20;
/** The length from which a header's value is looked for in a server's words. */
const MIN_SECRET_LENGTH = 4;
/** The bounds of an answer's JSON. */
const ANSWER_BOUNDS = { maxDepth: 64, maxNodes: 1_000_000, maxContainers: 200_000 };

/** A request to a Jupyter server. */
export interface RestRequest {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The parts of the path below the server's base; each is encoded. */
  path: readonly string[];
  query?: Record<string, string>;
  body?: unknown;
  /** The time for the answer as a whole, in milliseconds. @default the server's */
  timeoutMs?: number;
  /** The most bytes of the answer. @default 32 MiB */
  maxBytes?: number;
}

/** The REST API of one Jupyter server. Neither an address nor a credential is in its errors. */
export class JupyterRest {
  readonly server: RemoteServer;
  readonly #cookies: Map<string, string>;

  constructor(server: RemoteServer) {
    this.server = server;
    this.#cookies = new Map(Object.entries(server.cookies));
  }

  /** The headers that a request or websocket needs to be let in. */
  get headers(): Record<string, string> {
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const xsrf = this.#cookies.get("_xsrf");
    return {
      ...(cookies !== "" && { Cookie: cookies }),
      ...(xsrf !== undefined && { "X-XSRFToken": xsrf }),
      ...this.server.headers,
    };
  }

  /** Returns the address of a path below the server's base. */
  address(path: readonly string[], query: Record<string, string> = {}): URL {
    // An encoded dot is a dot for an address, so that these would lead out of the path.
    if (path.some((part) => /^\.{0,2}$/.test(part))) {
      throw this.#violation("it names something with a path instead of a name");
    }
    const url = new URL(path.map(encodeURIComponent).join("/"), this.server.url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  /**
   * Sends a request and returns what its answer holds, checked by the schema.
   *
   * @throws {KernelError} `unreachable`, `timeout`, `not_found`, `permission_denied`, `already_exists`,
   * `limit_exceeded`, `protocol_violation`, or `kernel_error` with the server's own words.
   */
  async ask<T>(request: RestRequest, schema: z.ZodType<T>): Promise<T> {
    const text = await this.#send(request);
    const result = schema.safeParse(this.#parse(text));
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw this.#violation(`${issue?.path.join(".") || "its answer"}: ${issue?.message}`);
  }

  /** Sends a request whose answer holds nothing; otherwise like `ask`. */
  async tell(request: RestRequest): Promise<void> {
    await this.#send(request);
  }

  #parse(text: string): unknown {
    try {
      // Arrays are put into an object, because the scanner knows objects.
      splitJsonObject(`{"answer":${text}}`, ANSWER_BOUNDS);
      return JSON.parse(text);
    } catch (error) {
      throw this.#violation(messageOf(error));
    }
  }

  async #send(request: RestRequest): Promise<string> {
    const first = await this.#fetch(request);
    const again = first.status === 403 && (this.#learnXsrf(first) || this.#chooseXsrf(request));
    if (!again) return await this.#read(first, request);
    await first.body?.cancel();
    // A server that knows its client by a cookie wants its own cookie repeated in a header.
    return await this.#read(await this.#fetch(request), request);
  }

  async #fetch({ method = "GET", path, query, body, timeoutMs }: RestRequest): Promise<Response> {
    const ms = timeoutMs ?? this.server.requestTimeoutMs;
    const signal = AbortSignal.timeout(ms);
    try {
      return await fetch(this.address(path, query), {
        method,
        headers: {
          ...this.headers,
          Accept: "application/json",
          ...(body !== undefined && { "Content-Type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: "manual",
        signal,
      });
    } catch (cause) {
      if (signal.aborted) {
        throw this.#error("timeout", `it did not answer within ${ms / 1_000} s`);
      }
      throw this.#error("unreachable", `it cannot be reached (${reasonOf(cause)})`);
    }
  }

  /** Keeps the cookie against forged requests that an answer sets; false when it sets no other one. */
  #learnXsrf(response: Response): boolean {
    for (const cookie of response.headers.getSetCookie()) {
      const [, value] = /^_xsrf=([^;]*)/.exec(cookie) ?? [];
      if (value === undefined || value === this.#cookies.get("_xsrf")) continue;
      this.#cookies.set("_xsrf", value);
      return true;
    }
    return false;
  }

  /**
   * Chooses the cookie against forged requests; false when there is one, or none is needed. A server takes
   * any value that the cookie and the header agree about, and sets one of its own on its pages alone.
   */
  #chooseXsrf({ method = "GET" }: RestRequest): boolean {
    if (method === "GET" || this.#cookies.size === 0 || this.#cookies.has("_xsrf")) return false;
    this.#cookies.set("_xsrf", crypto.randomUUID().replaceAll("-", ""));
    return true;
  }

  async #read(response: Response, request: RestRequest): Promise<string> {
    const text = await this.#text(response, request);
    const { status } = response;
    if (status >= 200 && status <= 299) return text;
    const said = messageIn(text);
    switch (status) {
      case 401:
      case 403:
        throw this.#error("permission_denied", `it refuses this server's token (status ${status})`);
      case 404:
        throw this.#error("not_found", said || "it does not have that (status 404)");
      case 409:
        throw this.#error("already_exists", said || "something is there already (status 409)");
      case 413:
        throw this.#error("limit_exceeded", "it takes no file of that size (status 413)");
    }
    if (status >= 300 && status <= 399) {
      throw this.#error(
        "permission_denied",
        `it sends this server elsewhere (status ${status}), which usually means that it wants a login; ` +
          "check its address and token",
      );
    }
    if (status === 502 || status === 503 || status === 504) {
      throw this.#error("unreachable", `a proxy in front of it answers with status ${status}`);
    }
    throw this.#error("kernel_error", said || `it answers with status ${status}`);
  }

  async #text(
    response: Response,
    { maxBytes = MAX_ANSWER_BYTES, timeoutMs = this.server.requestTimeoutMs }: RestRequest,
  ): Promise<string> {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const part of response.body ?? []) {
        bytes += part.length;
        if (bytes > maxBytes) {
          throw this.#error("limit_exceeded", `its answer is larger than ${maxBytes} bytes`);
        }
        parts.push(part);
      }
    } catch (cause) {
      if (cause instanceof KernelError) throw cause;
      if (cause instanceof DOMException && cause.name === "TimeoutError") {
        throw this.#error("timeout", `it did not end its answer within ${timeoutMs / 1_000} s`);
      }
      throw this.#error("unreachable", `it broke off its answer (${reasonOf(cause)})`);
    }
    const decoder = new TextDecoder();
    return parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
  }

  #violation(what: string): KernelError {
    return this.#error(
      "protocol_violation",
      `it does not answer as a Jupyter server does: ${what}`,
    );
  }

  #error(code: KernelError["code"], what: string): KernelError {
    return new KernelError(code, `Jupyter server "${this.server.name}": ${this.#redact(what)}`);
  }

  /** Removes the credentials, which a server may repeat in its own words. */
  #redact(text: string): string {
    const secrets = [...Object.values(this.server.headers), ...this.#cookies.values()]
      .flatMap((value) => [value, value.split(" ").at(-1)!])
      .filter((value) => value.length >= MIN_SECRET_LENGTH);
    return secrets.reduce((rest, secret) => rest.replaceAll(secret, "[credential]"), text);
  }
}

/** Returns the reason of a failed connection, without the address, which may hold a secret. */
export function reasonOf(error: unknown): string {
  const text = messageOf(error).replace(/\s*(for url )?\(?\b(https?|wss?):\/\/[^\s)]*\)?:?/g, "");
  return text.split(": ").at(-1)!.slice(0, 200) || "the connection failed";
}

/** Returns the message in a server's error, shortened; "" when it gives none. */
function messageIn(text: string): string {
  if (text.length > 100_000) return "";
  try {
    const value: unknown = JSON.parse(text);
    const said = z.object({ message: z.string() }).safeParse(value);
    return said.success ? said.data.message.slice(0, 500) : "";
  } catch {
    return "";
  }
}
