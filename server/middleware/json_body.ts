import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HttpError } from "../errors/http_error.ts";
import { messageOf } from "../errors/service_error.ts";

/** The paths whose JSON bodies carry whole files. */
const FILES = /^\/api\/contents(\/|$)/;
/** The paths whose bodies are no JSON; their handlers check the size. */
const UPLOADS = /\/files\/(content|upload)$/;

/** The largest bodies, in bytes. */
export interface BodyLimits {
  maxBodyBytes: number;
  /** The largest body that carries a file. */
  maxUploadBytes: number;
}

/**
 * Checks the size and syntax of JSON bodies, whatever their `Content-Type` says: many clients send JSON
 * as text or as a form. An empty body means an empty object.
 */
export function jsonBody({ maxBodyBytes, maxUploadBytes }: BodyLimits): MiddlewareHandler {
  const limitBody = limitTo(maxBodyBytes, "MAX_BODY_BYTES");
  const limitFile = limitTo(maxUploadBytes, "MAX_UPLOAD_BYTES");
  return async function jsonBody(c, next) {
    if (!["POST", "PUT", "PATCH"].includes(c.req.method) || UPLOADS.test(c.req.path)) {
      return await next();
    }
    const limit = FILES.test(c.req.path) ? limitFile : limitBody;
    return await limit(c, async () => {
      await readJson(c);
      await next();
    });
  };
}

function limitTo(maxSize: number, setting: string): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new HttpError(
        413,
        "payload_too_large",
        `Cannot read the request's body: the body is larger than ${maxSize} bytes (${setting})`,
      );
    },
  });
}

/** Replaces the request by one whose body is JSON and says so. */
async function readJson(c: Context): Promise<void> {
  const { raw } = c.req;
  const text = await raw.text() || "{}";
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new HttpError(
      400,
      "invalid_json",
      `Cannot read the request's body: it is not JSON: ${messageOf(cause)}`,
      { cause },
    );
  }
  const headers = new Headers(raw.headers);
  headers.set("Content-Type", "application/json");
  const { method, url, signal } = raw;
  c.req.raw = new Request(url, { method, headers, signal, body: text });
}
