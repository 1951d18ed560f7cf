import assert from "node:assert/strict";
import { assetPath } from "../../../kernel/pyodide/pinned.ts";
import { GLUE_ID } from "../../../kernel/pyodide/glue.ts";
import { leanGlue } from "../../../kernel/pyodide/lean_glue.ts";
import { tinyExtension } from "../../support/extension.ts";
import { createKernel } from "../../support/mod.ts";

const stock = await Deno.readTextFile(assetPath("pyodide.asm.mjs"));

Deno.test("leanGlue() leaves out a third of the pinned Pyodide's source", () => {
  assert.ok(leanGlue(stock).length < stock.length * 0.7);
});

for (
  const [what, source] of [
    ["does not link as expected", stock.replace("updateGOT(origExports)", "updateGOT(exports)")],
    ["has something twice", stock + "updateGOT(origExports);"],
    ["assigns its exports otherwise", stock.replaceAll('=Module["_', '=Module["$')],
    ["is made otherwise", stock.replace("export default", "export const make =")],
    ["is empty", ""],
  ] as const
) {
  Deno.test(`leanGlue() throws when the source ${what}`, () => {
    assert.throws(() => leanGlue(source), /Cannot make the glue lean/);
  });
}

Deno.test("the lean glue is what kernels start with after set-up", () => {
  assert.match(GLUE_ID, /^[0-9a-f]{16}$/);
});

Deno.test("the lean glue links compiled extensions: functions, variables and addresses", async () => {
  await using fixture = await createKernel();
  const { kernel } = fixture;
  await kernel.files.write("/tmp/tiny.so", await tinyExtension());
  const result = await kernel.execute(
    "import sys\nsys.path.insert(0, '/tmp')\nimport tiny\n" +
      "def refused():\n try: tiny.add('a', 1)\n except ValueError as error: return str(error)\n" +
      "tiny.add(2, 2.5), tiny.add(a := 2**70, a) == 2**71, refused()",
  );
  assert.equal(result.error, null);
  assert.equal(result.result?.data["text/plain"], "(4.5, True, 'use two numbers')");
});

Deno.test("the lean glue gives ctypes every function of the interpreter", async () => {
  await using fixture = await createKernel();
  const result = await fixture.kernel.execute(
    "import ctypes\nctypes.pythonapi.PyUnicode_GetLength(ctypes.py_object('four'))",
  );
  assert.equal(result.result?.data["text/plain"], "4", result.error?.evalue);
});
