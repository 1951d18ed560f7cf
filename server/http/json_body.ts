import type { Context, MiddlewareHandler } from "hono";
import type { JsonBounds } from "../../kernel/mod.ts";
import { bodyLimit } from "hono/body-limit";
import { HttpError } from "../errors/http_error.ts";
import { DOCUMENT_BOUNDS, parseJson, REQUEST_BOUNDS } from "./bounded_json.ts";
import { messageOf } from "../errors/service_error.ts";

/** The paths whose JSON bodies carry whole files. */
const FILES = /^\/api\/contents(\/|$)/;
/** The paths whose JSON bodies carry notebooks and other files. */
const DOCUMENTS = /^\/api\/(contents|notebooks)(\/|$)/;
/** The paths whose bodies are no JSON; their handlers check the size. */
const UPLOADS = /\/files\/(content|upload)$|^(\/coderunner)?\/(upload|download)$/;

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
    const bounds = DOCUMENTS.test(c.req.path) ? DOCUMENT_BOUNDS : REQUEST_BOUNDS;
    return await limit(c, async () => {
      await readJson(c, bounds);
      await next();
    });
  };
}

/** Refuses a body that is larger than `maxSize` bytes; `reason` names the setting that says so. */
export function limitTo(maxSize: number, reason: string): MiddlewareHandler {
  const limit = bodyLimit({
    maxSize,
    onError: () => {
      throw new HttpError(
        413,
        "payload_too_large",
        `Cannot read the request's body: the body is larger than ${maxSize} bytes (${reason})`,
      );
    },
  });
  return async function limitBody(c, next) {
    const { headers } = c.req.raw;
    const isLengthKnown = headers.has("Content-Length") && !headers.has("Transfer-Encoding");
    if (!isLengthKnown) c.req.raw = ownRequest(c.req.raw);
    return await limit(c, next);
  };
}

/** Returns a request of Deno's own: Hono copies one of unknown length, which fails for those of Node's server. */
function ownRequest(request: Request): Request {
  const { method, url, headers, signal, body } = request;
  return body ? new Request(url, { method, headers, signal, body }) : request;
}

/** Checks the body's syntax, and replaces a request whose body is empty or does not say that it is JSON. */
async function readJson({ req }: Context, bounds: JsonBounds): Promise<void> {
  if (saysJson(req.raw.headers)) {
    // Hono keeps the text for the handler.
    return check(await req.text(), bounds);
  }
  const text = await req.raw.text() || "{}";
  check(text, bounds);
  const { method, url, signal } = req.raw;
  const headers = new Headers(req.raw.headers);
  headers.set("Content-Type", "application/json");
  req.raw = new Request(url, { method, headers, signal, body: text });
}

/** True when the body is said to be JSON and not to be empty. */
function saysJson(headers: Headers): boolean {
  return Number(headers.get("Content-Length")) > 0 &&
    headers.get("Content-Type")?.startsWith("application/json") === true;
}

function check(text: string, bounds: JsonBounds): void {
  try {
    parseJson(text, bounds);
  } catch (cause) {
    throw new HttpError(
      400,
      "invalid_json",
      `Cannot read the request's body: it is not JSON: ${messageOf(cause)}`,
      { cause },
    );
  }
}
