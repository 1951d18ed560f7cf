import { HttpError } from "../errors/http_error.ts";
import { messageOf } from "../errors/service_error.ts";
import { bounded } from "./bounded_body.ts";

/**
 * Reads a request's body as a form, of at most `maxBytes` bytes.
 *
 * @throws {HttpError} 400 when it is no form; 413.
 */
export async function readForm({ body, headers }: Request, maxBytes: number): Promise<FormData> {
  const type = headers.get("Content-Type") ?? "";
  const bytes = await new Response(body && bounded(body, maxBytes)).bytes();
  return await parseForm(bytes, type);
}

/**
 * Parses the bytes of a form; `type` is their `Content-Type`.
 *
 * @throws {HttpError} 400 when they are no form.
 */
export async function parseForm(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<FormData> {
  const response = new Response(bytes, { headers: { "Content-Type": type } });
  return await response.formData().catch((cause) => {
    throw new HttpError(400, "invalid_argument", `Cannot read the form: ${messageOf(cause)}`, {
      cause,
    });
  });
}
