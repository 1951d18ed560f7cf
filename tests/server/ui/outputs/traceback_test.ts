import assert from "node:assert/strict";
import { filesOf, tracebackParts, withoutNames } from "../../../../server/ui/outputs/traceback.ts";

const GREEN = "\x1b[32m", END = "\x1b[39m";
const cell = `Cell ${GREEN}In[3]${END}, line 2\n      1 import json\n----> 2 json.loads('{')`;
function library(name: string): string {
  const place = `File ${GREEN}/lib/python3.14/json/${name}.py:346${END}`;
  return `${place}, in loads(s)\n --> 346 return decode(s)`;
}
const own = `File ${GREEN}./tools.py:3${END}, in f()\n ----> 3 g()`;

Deno.test("tracebackParts() folds the frames of libraries between the reader's own", () => {
  const parts = tracebackParts(["---", "head", cell, library("a"), library("b"), own, "Error: x"]);
  assert.deepEqual(parts, [
    { type: "shown", text: `---\nhead\n${cell}` },
    { type: "library", frames: [library("a"), library("b")] },
    { type: "shown", text: `${own}\nError: x` },
  ]);
  assert.deepEqual(filesOf([library("a"), library("b"), library("b")]), ["json/a.py", "json/b.py"]);
});

Deno.test("tracebackParts() shows all frames when none is the reader's own", () => {
  const parts = tracebackParts(["head", library("a"), "Error: x"]);
  assert.deepEqual(parts.map(({ type }) => type), ["shown"]);
  assert.deepEqual(tracebackParts([]), [{ type: "shown", text: "" }]);
});

Deno.test("withoutNames() leaves out what the line above a traceback says", () => {
  const rule = "\x1b[31m" + "-".repeat(75) + "\x1b[39m";
  const head = "\x1b[31mValueError\x1b[39m       Traceback (most recent call last)";
  const frame = "Cell In[1], line 1\n----> 1 f()";
  const end = "\x1b[31mValueError\x1b[39m: no";
  assert.deepEqual(withoutNames([rule, head, frame, end], "ValueError", "no"), [frame]);
  const long = "ValueError: no\nmore";
  assert.deepEqual(withoutNames([frame, long], "ValueError", "no\nmore"), [frame, long]);
  assert.deepEqual(withoutNames([rule, head], "ValueError", ""), []);
});
