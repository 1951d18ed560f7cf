import assert from "node:assert/strict";
import { mergeCells, rebaseList } from "../../../../server/ui/merge/merge_cells.ts";

/** Makes cells of "a=text" words. */
function cells(text: string) {
  return text.split(" ").filter(Boolean).map((word) => {
    const [id = "", source = ""] = word.split("=");
    return { id, source };
  });
}

function merged(base: string, mine: string, theirs: string): string {
  const texts = Object.fromEntries(cells(base).map(({ id, source }) => [id, source]));
  return mergeCells(texts, cells(mine), cells(theirs)).map((it) => `${it.id}=${it.source}`).join(
    " ",
  );
}

Deno.test("mergeCells() takes what either has added, each at its place", () => {
  assert.equal(merged("a=1 b=2", "a=1 m=0 b=2", "a=1 b=2 t=0"), "a=1 m=0 b=2 t=0");
  assert.equal(merged("a=1", "m=0 a=1", "t=0 a=1"), "m=0 t=0 a=1");
});

Deno.test("mergeCells() removes what one has removed, unless the other has changed it", () => {
  assert.equal(merged("a=1 b=2", "a=1", "a=1 b=2"), "a=1");
  assert.equal(merged("a=1 b=2", "a=1", "a=1 b=3"), "a=1 b=3");
  assert.equal(merged("a=1 b=2", "a=1 b=3", "a=1"), "a=1 b=3");
  assert.equal(merged("a=1 b=2", "a=1 b=2", "a=1"), "a=1");
});

Deno.test("rebaseList() takes a step and keeps what somebody else has added and removed", () => {
  // The step removed "b"; somebody else has added "x" and removed "a" since.
  assert.deepEqual(rebaseList(["a", "c"], ["a", "b", "c"], ["c", "x"]), ["b", "c", "x"]);
  assert.deepEqual(rebaseList(["a", "b"], ["b", "a"], ["a", "x", "b"]), ["b", "a", "x"]);
});
