import type { MiddlewareHandler } from "hono";
import { HttpError, messageOf } from "../errors/http_error.ts";

/** Whole files in JSON. */
const FILES = /^\/api\/contents(\/|$)/;
/** Bodies that are no JSON. */
const UPLOAD = /\/files\/(content|upload)$/;

/** How large bodies may be, in bytes. */
export interface BodyLimits {
  maxBodyBytes: number;
  /** Of those that carry a file. */
  maxUploadBytes: number;
}

/**
 * Reads the JSON that a request carries, whatever its `Content-Type` says: many clients send it as
 * text or as a form. No body means an empty object.
 */
export function jsonBody(limits: BodyLimits): MiddlewareHandler {
  return async function jsonBody(c, next) {
    const maxBytes = FILES.test(c.req.path) ? limits.maxUploadBytes : limits.maxBodyBytes;
    const { raw } = c.req;
    if (!["POST", "PUT", "PATCH"].includes(raw.method) || UPLOAD.test(c.req.path)) {
      return await next();
    }
    const text = await readText(raw, maxBytes) || "{}";
    try {
      JSON.parse(text);
    } catch (cause) {
      const detail = messageOf(cause);
      throw new HttpError(
        400,
        "invalid_json",
        `Cannot read the request's body: it is not JSON: ${detail}`,
        { cause },
      );
    }
    const { signal, headers, method, url } = raw;
    if (!headers.get("Content-Type")?.startsWith("application/json")) {
      const changed = new Headers(headers);
      changed.set("Content-Type", "application/json");
      c.req.raw = new Request(url, { method, headers: changed, signal });
    }
    // Where Hono keeps what it has read; it takes a promise, as its own reading gives.
    c.req.bodyCache.text = Promise.resolve(text) as unknown as string;
    await next();
  };
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get("Content-Length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(
    413,
    "payload_too_large",
    `Cannot read the request's body: it is larger than ${maxBytes} bytes (MAX_BODY_BYTES)`,
  );
}
