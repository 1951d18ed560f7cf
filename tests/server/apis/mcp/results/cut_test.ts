import assert from "node:assert/strict";
import { cutMiddle, sliceWhole } from "../../../../../server/apis/mcp/results/cut.ts";

function describe({ from, to }: { from: number; to: number }): string {
  return `${from}-${to}`;
}

Deno.test("cutMiddle() leaves a text that fits as it is", () => {
  assert.deepEqual(cutMiddle("abc", 3, describe), { text: "abc" });
});

Deno.test("cutMiddle() cuts where lines end, and says what is missing", () => {
  const text = Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join("");
  const { text: cut, left } = cutMiddle(text, 100, describe);
  const [head, middle, tail] = cut.split(/\n\[(.*)\]\n/);
  assert.equal(middle, `${left!.from}-${left!.to}`);
  assert.equal(text.slice(0, left!.from), head);
  assert.equal(text.slice(left!.to), tail);
  assert(head!.endsWith("\n") && tail!.startsWith("line "));
});

Deno.test("cutMiddle() never cuts through a character", () => {
  for (let max = 10; max < 20; max++) {
    const { text } = cutMiddle("𝒳".repeat(50), max, describe);
    assert(text.isWellFormed(), `at ${max}`);
  }
});

Deno.test("sliceWhole() reads a text in parts that put together are the text", () => {
  const text = "𝒳".repeat(50) + "\n" + "ab\n".repeat(30);
  for (let limit = 1; limit < 40; limit++) {
    let read = "";
    for (let at = 0; at < text.length;) {
      const part = sliceWhole(text, at, at + limit);
      assert(part.end > at);
      read += part.text;
      at = part.end;
    }
    assert.equal(read, text);
  }
});
