import assert from "node:assert/strict";
import { plainText } from "../../../../../server/apis/mcp/results/plain_text.ts";

for (
  const [what, text, plain] of [
    ["removes colours", "\x1b[31mred\x1b[0m", "red"],
    ["keeps the last version of a line", "10%\r 50%\r100%\ndone\n", "100%\ndone\n"],
    ["keeps a line that was only ended", "a\r\nb\r", "a\nb"],
    ["replaces control characters", "a\x00b\x1fc\td\n", "a\ufffdb\ufffdc\td\n"],
    ["replaces halves of characters", "a\ud800", "a\ufffd"],
  ] as const
) {
  Deno.test(`plainText() ${what}`, () => assert.equal(plainText(text), plain));
}
