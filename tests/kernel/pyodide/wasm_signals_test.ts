import assert from "node:assert/strict";
import { assetPath } from "../../../kernel/pyodide/pinned.ts";
import { askForSignalsAlways } from "../../../kernel/pyodide/wasm_signals.ts";

const stock = await Deno.readFile(assetPath("pyodide.asm.wasm"));

Deno.test("askForSignalsAlways() changes one number of the module", () => {
  const made = askForSignalsAlways(stock);
  assert.equal(made.length, stock.length);
  const changed = [...made.keys()].filter((at) => made[at] !== stock[at]);
  assert.deepEqual(changed.map((at) => [stock[at], made[at]]), [[50, 0]]);
});

Deno.test("askForSignalsAlways() throws when the module is not the expected one", () => {
  const changed = askForSignalsAlways(stock);
  assert.throws(
    () => askForSignalsAlways(changed),
    /Cannot change how often .*: 0 functions count/,
  );
});
