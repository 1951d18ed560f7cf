/**
 * Connect's protocol with JSON: unary calls are plain requests, and streams are frames of a flag, a length and
 * JSON. See https://connectrpc.com/docs/protocol.
 *
 * @module
 */
import type { Context } from "hono";
import { HttpError, toHttpError } from "../../errors/http_error.ts";
import type { z } from "zod";
import { parseJsonBytes, readBytes } from "./body.ts";
import { SandboxGone } from "./errors.ts";

/** The flag of the frame that ends a stream. */
const END = 2;
/** The bytes before a frame's JSON: the flag, and the length in four bytes. */
const HEAD_BYTES = 5;

/** Connect's names of failures, by HTTP status. */
const CODES: Readonly<Record<number, string>> = {
  400: "invalid_argument",
  401: "unauthenticated",
  403: "permission_denied",
  404: "not_found",
  409: "already_exists",
  413: "resource_exhausted",
  429: "resource_exhausted",
  501: "unimplemented",
  502: "unavailable",
  503: "unavailable",
  504: "deadline_exceeded",
};

function failure({ status, message }: HttpError): { code: string; message: string } {
  return { code: CODES[status] ?? "internal", message };
}

/** Writes the failure of a unary call. */
export function connectError(c: Context, error: HttpError): Response {
  return c.json(failure(error), error.status, error.headers);
}

/** Returns the refusal of something that this server does not have. */
export function unimplemented(message: string): HttpError {
  return new HttpError(501, "unimplemented", message);
}

/** Reads the one message of a request that is answered by a stream. */
export async function readMessage<T extends z.ZodType>(
  schema: T,
  request: Request,
  maxBytes: number,
): Promise<z.output<T>> {
  const [message] = await readMessages(schema, request, maxBytes);
  if (message === undefined) throw badFrame();
  return message;
}

/** Reads all messages of a request that is a stream. */
export async function readMessages<T extends z.ZodType>(
  schema: T,
  request: Request,
  maxBytes: number,
): Promise<z.output<T>[]> {
  const bytes = await readBytes(request, maxBytes);
  const messages: z.output<T>[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes.length < at + HEAD_BYTES) throw badFrame();
    const start = at + HEAD_BYTES;
    const end = start + new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 1);
    if (bytes.length < end) throw badFrame();
    const flag = bytes[at];
    if (flag === END) break;
    if (flag !== 0) throw badFrame(); // Compressed, which the server does not offer.
    messages.push(parseJsonBytes(schema, bytes.subarray(start, end)));
    at = end;
  }
  return messages;
}

function badFrame(): HttpError {
  return new HttpError(400, "invalid_argument", "Cannot read the request: it is no Connect frame");
}

/**
 * Answers with a stream of messages. `follow` gets a signal that aborts when the client leaves; a failure becomes
 * the end of the stream.
 */
export function messageStream(follow: (signal: AbortSignal) => AsyncGenerator<unknown>): Response {
  const left = new AbortController();
  const messages = follow(left.signal);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await messages.next();
        if (!done) return controller.enqueue(frame(0, value));
        controller.enqueue(frame(END, {}));
      } catch (error) {
        controller.enqueue(frame(END, { error: failure(toHttpError(error)) }));
      }
      controller.close();
    },
    async cancel() {
      left.abort();
      await messages.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "Content-Type": "application/connect+json",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    },
  });
}

/**
 * Answers with a stream that only says that it failed.
 *
 * @throws {SandboxGone} when that is the failure: clients recognize it by its status.
 */
export function failedStream(error: unknown): Response {
  if (error instanceof SandboxGone) throw error;
  // deno-lint-ignore require-yield -- it throws before its first message
  return messageStream(async function* () {
    await Promise.reject(error);
  });
}

function frame(flag: number, message: unknown): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(message));
  const bytes = new Uint8Array(HEAD_BYTES + json.length);
  bytes[0] = flag;
  new DataView(bytes.buffer).setUint32(1, json.length);
  bytes.set(json, HEAD_BYTES);
  return bytes;
}
