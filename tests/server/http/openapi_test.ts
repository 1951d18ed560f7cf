import assert from "node:assert/strict";
import { z } from "zod";
import { parseBody } from "../../../server/http/parse_body.ts";

/** Returns the refusal of a body. */
function refusal(schema: z.ZodType, body: unknown): { message: string; details?: unknown } {
  try {
    parseBody(schema, body);
  } catch (error) {
    return error as { message: string };
  }
  throw new assert.AssertionError({ message: "the body was not refused" });
}

Deno.test("invalidInput() names the field and the fault", () => {
  assert.match(refusal(z.object({ a: z.array(z.int()) }), { a: [1, "x"] }).message, /a\.1: /);
});

Deno.test("invalidInput() repeats little of what the client sent", () => {
  const long = "x".repeat(1_000_000);
  const records = z.record(z.string(), z.int());
  const strict = z.strictObject({});
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, "x"]));
  for (
    const [schema, body] of [
      [records, { [long]: "x" }],
      [strict, { [long]: 1 }],
      [records, many],
      [strict, many],
    ] as const
  ) {
    const { message, details } = refusal(schema, body);
    assert(message.length + JSON.stringify(details).length < 50_000);
  }
});
