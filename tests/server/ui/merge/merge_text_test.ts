import assert from "node:assert/strict";
import { mergeText } from "../../../../server/ui/merge/merge_text.ts";

Deno.test("mergeText() takes from each what only that one has changed", () => {
  assert.equal(mergeText("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n"), "A\nb\nC\n");
  assert.equal(mergeText("x = 1", "x = 1", "x = 2"), "x = 2");
  assert.equal(mergeText("x = 1", "x = 2", "x = 1"), "x = 2");
  assert.equal(mergeText("x = 1", "y = x = 1", "x = 100"), "y = x = 100");
});

Deno.test("mergeText() has a text once that both have, whole or its beginning", () => {
  assert.equal(mergeText("abc", "abctyped", "abctyp"), "abctyped");
  assert.equal(mergeText("a\n", "a\nb\n", "a\nb\n"), "a\nb\n");
});

Deno.test("mergeText() keeps both where both have changed the same place", () => {
  assert.equal(mergeText("", "mine", "theirs"), "theirsmine");
  assert.equal(mergeText("value = 1\n", "value = 2\n", "value = 3\n"), "value = 3\nvalue = 2\n");
  assert.equal(mergeText("1", "2", "3"), "3\n2");
});
