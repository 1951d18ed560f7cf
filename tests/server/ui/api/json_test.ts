import assert from "node:assert/strict";
import { MAX_JSON_DEPTH, parseJson } from "../../../../server/ui/api/json.ts";

function nested(depth: number): string {
  return "[".repeat(depth) + "1" + "]".repeat(depth);
}

Deno.test("parseJson() keeps values up to the largest depth", () => {
  const text = `{"a":${nested(MAX_JSON_DEPTH - 1)},"b":null}`;
  assert.equal(JSON.stringify(parseJson(text)), text);
  assert.equal(parseJson("1"), 1);
});

Deno.test("parseJson() cuts what is nested deeper, so that it can be cloned", () => {
  const json = parseJson(nested(100_000));
  assert.match(JSON.stringify(structuredClone(json)), /^\[{256}"…"\]{256}$/);
});
