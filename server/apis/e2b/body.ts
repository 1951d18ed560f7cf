import { HttpError } from "../../errors/http_error.ts";
import { bounded } from "../../http/bounded_body.ts";
import { parseJson } from "../../http/bounded_json.ts";
import { messageOf } from "../../errors/service_error.ts";
import type { z } from "zod";
import { parseBody } from "../../http/parse_body.ts";

/** Reads a request's whole body, of at most `maxBytes` bytes. */
export async function readBytes(
  request: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!request.body) return new Uint8Array();
  return await new Response(bounded(request.body, maxBytes)).bytes();
}

/** Parses JSON bytes with a schema; no bytes mean an empty object. */
export function parseJsonBytes<T extends z.ZodType>(schema: T, bytes: Uint8Array): z.output<T> {
  let value: unknown;
  try {
    value = parseJson(new TextDecoder().decode(bytes) || "{}");
  } catch (cause) {
    throw new HttpError(
      400,
      "invalid_json",
      `Cannot read the request's body: it is not JSON: ${messageOf(cause)}`,
      { cause },
    );
  }
  return parseBody(schema, value);
}

/** Reads a request's JSON body with a schema. */
export async function readJson<T extends z.ZodType>(
  schema: T,
  request: Request,
  maxBytes: number,
): Promise<z.output<T>> {
  return parseJsonBytes(schema, await readBytes(request, maxBytes));
}
