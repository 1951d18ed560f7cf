import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { assetPath, wasmPath } from "../../../kernel/pyodide/pinned.ts";
import { askForSignalsAlways } from "../../../kernel/pyodide/wasm_signals.ts";
import { countNesting } from "../../../kernel/pyodide/wasm_stack.ts";
import { createKernel } from "../../support/mod.ts";

const stock = await Deno.readFile(assetPath("pyodide.asm.wasm"));

/** A process is given an engine's stack that is large enough for Python's own. */
const OWN_STACK = { mode: "process" } as const;

Deno.test("countNesting() and askForSignalsAlways() make what kernels start with after set-up, with the same imports and exports", async () => {
  const made = askForSignalsAlways(countNesting(stock));
  // Not by deepEqual(): of two files that differ it would make a text of many gigabytes.
  const kept = await Deno.readFile(wasmPath());
  assert(Buffer.from(made).equals(kept), "the set-up has made another module: run ./setup.sh");
  const [before, after] = await Promise.all([stock, made].map((it) => WebAssembly.compile(it)));
  assert.deepEqual(WebAssembly.Module.imports(after!), WebAssembly.Module.imports(before!));
  assert.deepEqual(WebAssembly.Module.exports(after!), WebAssembly.Module.exports(before!));
});

Deno.test("countNesting() throws when the module is not the expected one", () => {
  const renamed = stock.slice();
  const name = new TextEncoder().encode("Py_EnterRecursiveCall");
  for (let at = 0; at >= 0; at = renamed.indexOf(name[0]!, at + 1)) {
    if (name.every((byte, index) => renamed[at + index] === byte)) renamed[at] = 0x51;
  }
  assert.throws(() => countNesting(renamed), /Cannot count nesting: there is no "Py_Enter/);
  assert.throws(() => countNesting(stock.subarray(0, 8)), /Cannot read the module/);
});

for (
  const [what, code] of [
    ["lists", "x = []\nfor _ in range(100_000): x = [x]"],
    ["tuples", "x = ()\nfor _ in range(1_000_000): x = (x,)"],
    [
      "closures",
      "x = None\ndef close(over): return lambda: over\nfor _ in range(100_000): x = close(x)",
    ],
    [
      "generators",
      "x = None\ndef make(it): yield it\nfor _ in range(100_000): x = make(x); _ = next(x)\n_ = None",
    ],
    [
      "iterators",
      "import itertools\nx = iter([])\nfor _ in range(100_000): x = itertools.chain(x)",
    ],
    [
      "XML elements",
      "import xml.etree.ElementTree as xml\nx = e = xml.Element('a')\n" +
      "for _ in range(100_000): e = xml.SubElement(e, 'b')\ndel e",
    ],
  ] as const
) {
  Deno.test(`countNesting() lets Python free ${what} that are nested deep`, async () => {
    await using fixture = await createKernel(OWN_STACK);
    const { status, error } = await fixture.kernel.execute(`${code}\ndel x`);
    assert.equal(status, "ok", error?.evalue);
    assert.equal((await fixture.kernel.execute("1+1")).result?.data["text/plain"], "2");
  });
}

for (
  const [what, code] of [
    ["terms", "'1' + '+x' * 60_000"],
    ["attributes", "'x' + '.a' * 60_000"],
    ["calls", "'x' + '()' * 60_000"],
    ["items", "'x' + '[0]' * 60_000"],
  ] as const
) {
  Deno.test(`countNesting() lets Python refuse 60,000 ${what} in a row`, async () => {
    await using fixture = await createKernel(OWN_STACK);
    for (const compile of ["compile(source, 'x', 'eval')", "__import__('ast').parse(source)"]) {
      const { error } = await fixture.kernel.execute(`source = ${code}\n${compile}`);
      assert.equal(error?.ename, "RecursionError", error?.evalue);
    }
    const long = await fixture.kernel.execute("eval('+'.join(['1'] * 500))");
    assert.equal(long.result?.data["text/plain"], "500");
  });
}

Deno.test("a process kernel's recursion through C code comes further than a worker's, and ends in an error", async () => {
  await using fixture = await createKernel(OWN_STACK);
  const { error } = await fixture.kernel.execute(
    "class Endless:\n    def __repr__(self): return repr(self)\nrepr(Endless())",
  );
  assert.equal(error?.ename, "RecursionError");
  // A worker kernel has 320 KiB.
  assert.match(error?.evalue ?? "", /used 4\d\d kB|maximum recursion depth/);
  assert.equal((await fixture.kernel.execute("1")).status, "ok");
});
