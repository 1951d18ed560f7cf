import assert from "node:assert/strict";
import { joinedBytes } from "../../kernel/joined_bytes.ts";

Deno.test("joinedBytes() returns the bytes of all parts in their order", () => {
  const parts = [Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)];
  assert.deepEqual(joinedBytes(parts), Uint8Array.of(1, 2, 3));
  assert.deepEqual(joinedBytes([]), new Uint8Array());
});
