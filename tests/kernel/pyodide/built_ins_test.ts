import assert from "node:assert/strict";
import { KernelMode } from "../../../kernel/mod.ts";
import { createKernel } from "../../support/mod.ts";

/** Python code that tries to replace parts of JavaScript that the interpreter calls. */
const REPLACEMENTS = [
  "js.Array.prototype.push = print",
  "js.Array.prototype.map = None",
  "js.JSON.parse = print",
  "js.Promise = 1",
  "js.Map.prototype.get = None",
  "js.Function.prototype.call = None",
  "js.Object.keys = None",
  "js.Uint8Array.prototype.set = None",
  "js.Atomics.load = None",
  "js.String.prototype.startsWith = None",
  "js.TextDecoder = None",
  "js.Object.prototype.then = 1",
  "del js.Object",
];
/** The same by code in JavaScript, where such an assignment has no effect. */
const SILENT = [
  "Array.prototype[Symbol.iterator] = null",
  "Array.prototype.push = () => { throw new Error('replaced') }",
  "Promise.prototype.then = null",
  "Object = Array = JSON = Error = null",
];

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS]) {
  Deno.test(`user code cannot replace the built-in objects of JavaScript in a ${mode} kernel`, async () => {
    await using fixture = await createKernel({ mode });
    const { kernel } = fixture;
    await kernel.execute("import js");
    for (const code of REPLACEMENTS) {
      const { error } = await kernel.execute(code);
      assert.equal(error?.ename, "JsException", code);
      assert.match(error!.evalue, /Cannot (assign to read only|add|delete) property/, code);
    }
    if (mode === KernelMode.WORKER) {
      for (const code of SILENT) {
        const { error } = await kernel.execute(`js.eval(${JSON.stringify(`${code}; 1`)})`);
        assert.equal(error, null, code);
      }
    }
    const { result } = await kernel.execute(
      "js.own = 5\n" +
        "js.own, list(js.Array.of(1, 2).map(lambda it, *_: it + 1)), js.JSON.stringify(js.Array.of(1))",
    );
    assert.equal(result?.data["text/plain"], "(5, [2, 3], '[1]')");
  });

  Deno.test(`JavaScript's functions raise an exception for values that are nested too deep in a ${mode} kernel`, async () => {
    await using fixture = await createKernel({ mode });
    const { kernel } = fixture;
    for (
      const code of [
        "import js; js.JSON.parse('[' * 1_000_000)",
        "nested = js.JSON.parse('[' * 300_000 + ']' * 300_000); js.String(nested)",
        "js.structuredClone(nested)",
        "nested.to_py()",
      ]
    ) {
      const { error } = await kernel.execute(code);
      assert.equal(error?.ename, "JsException", code);
      assert.match(error!.evalue, /Unexpected end of JSON input|Maximum call stack size exceeded/);
    }
    const { result } = await kernel.execute("6 * 7");
    assert.equal(result?.data["text/plain"], "42");
  });
}
