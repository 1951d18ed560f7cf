import type { Context } from "hono";
import { z } from "zod";
import { parseJson } from "./bounded_json.ts";
import { limitTo } from "./json_body.ts";

/** The largest body that is looked into for a token, in bytes. */
const MAX_BYTES = 1024 * 1024;
/** The request by which InstaVM's client starts a session, before it sends the token in a header. */
const STARTS_SESSION = /^(\/coderunner)?\/v1\/sessions(\/session)?$/;

const limit = limitTo(MAX_BYTES, "a request with a token in its body is shorter");
const keySchema = z.object({ api_key: z.string() });

/** Tells whether a request may carry its token in its body. */
export function mayHaveBodyKey({ req }: Context): boolean {
  return req.method === "POST" && STARTS_SESSION.test(req.path);
}

/**
 * Returns the token that is in the body of a request, as `api_key`; undefined when there is none. The handler
 * can read the body again.
 *
 * @throws {HttpError} 413.
 */
export async function bodyKey(c: Context): Promise<string | undefined> {
  if (!mayHaveBodyKey(c)) return undefined;
  let key: string | undefined;
  await limit(c, async () => {
    const { method, url, headers, signal } = c.req.raw;
    const text = await c.req.raw.text();
    c.req.raw = new Request(url, { method, headers, signal, body: text });
    key = keyIn(text);
  });
  return key;
}

function keyIn(text: string): string | undefined {
  try {
    return keySchema.safeParse(parseJson(text)).data?.api_key;
  } catch {
    return undefined; // The handler says what is wrong with the body.
  }
}
