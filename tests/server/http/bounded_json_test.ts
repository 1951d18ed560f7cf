import assert from "node:assert/strict";
import { DOCUMENT_BOUNDS, parseJson } from "../../../server/http/bounded_json.ts";
import { threadTimeMs } from "../../support/thread_time.ts";

const BOUNDS = { maxDepth: 4, maxNodes: 10 };

Deno.test("parseJson() takes every kind of value within the bounds", () => {
  for (const value of [null, 1, "a\n", [], {}, [[1]], { a: { b: [1, "}"] } }]) {
    assert.deepEqual(parseJson(JSON.stringify(value), BOUNDS), value);
  }
});

Deno.test("parseJson() refuses what is too deep, too much, or not JSON", () => {
  for (const text of ["[[[[[1]]]]]", '{"a":{"b":{"c":{"d":{}}}}}'.repeat(1)]) {
    assert.throws(() => parseJson(text, { ...BOUNDS, maxDepth: 3 }), SyntaxError, text);
  }
  assert.throws(() => parseJson(JSON.stringify(Array(20).fill(0)), BOUNDS), SyntaxError);
  for (const text of ["", "{", '1,"x":2', "[1]]"]) {
    assert.throws(() => parseJson(text, BOUNDS), SyntaxError, text);
  }
});

Deno.test("parseJson() refuses megabytes of objects at once", () => {
  const text = `[${"{},".repeat(3_000_000)}{}]`;
  const begin = threadTimeMs();
  assert.throws(() => parseJson(text), SyntaxError);
  assert(threadTimeMs() - begin < 1_000);
});

Deno.test("parseJson() takes a document of millions of numbers, and refuses one of millions of objects", () => {
  const numbers = `[${"1,".repeat(3_000_000)}1]`;
  assert.equal((parseJson(numbers, DOCUMENT_BOUNDS) as number[]).length, 3_000_001);
  const objects = `[${"{},".repeat(3_000_000)}{}]`;
  assert.throws(() => parseJson(objects, DOCUMENT_BOUNDS), /objects and arrays/);
});
