import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { assetPath, wasmPath } from "../../../kernel/pyodide/pinned.ts";
import { askForSignalsAlways } from "../../../kernel/pyodide/wasm_signals.ts";
import { countNesting } from "../../../kernel/pyodide/wasm_stack.ts";
import { createKernel } from "../../support/mod.ts";

const stock = await Deno.readFile(assetPath("pyodide.asm.wasm"));

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
    await using fixture = await createKernel();
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
    await using fixture = await createKernel();
    for (const compile of ["compile(source, 'x', 'eval')", "__import__('ast').parse(source)"]) {
      const { error } = await fixture.kernel.execute(`source = ${code}\n${compile}`);
      assert.equal(error?.ename, "RecursionError", error?.evalue);
    }
    const long = await fixture.kernel.execute("eval('+'.join(['1'] * 500))");
    assert.equal(long.result?.data["text/plain"], "500");
  });
}

/** Makes values that are nested deep, and asks things of them. */
const NESTED = `
import ast, copy, ctypes, functools, itertools, json, operator, pickle, types, typing
import xml.etree.ElementTree as xml
def nest(make, start=None, depth=100_000):
    for _ in range(depth): start = make(start)
    return start
def listed(start=None): return nest(lambda it: [it], start)
def tupled(start=None): return nest(lambda it: (it,), start)
def ended(generator):
    return (yield from generator)
class Call:
    def __call__(self): pass
Call.__call__ = Call()
@ctypes.CFUNCTYPE(ctypes.c_int)
def callback(): return callback()
kept = 42
`;

/** Expressions that come as deep as their values are nested, or end in nothing. */
const DEEP = [
  `json.loads('[' * 100_000)`,
  `json.loads('{"a":' * 100_000)`,
  `json.loads('[{"a":' * 100_000)`,
  `json.dumps(listed())`,
  `listed() == listed()`,
  `listed(1) < listed(2)`,
  `nest(lambda it: {1: it}) == nest(lambda it: {1: it})`,
  `hash(tupled())`,
  `{tupled(): 1}`,
  `hash(nest(slice))`,
  `repr(tupled())`,
  `repr(nest(lambda it: types.SimpleNamespace(a=it)))`,
  `copy.deepcopy(listed())`,
  `copy.deepcopy(nest(lambda it: (e := xml.Element('a'), it is not None and e.append(it))[0]))`,
  `pickle.dumps(listed())`,
  `isinstance(1, tupled(str))`,
  `nest(types.MappingProxyType, {})[1]`,
  `len(nest(types.MappingProxyType, {}))`,
  `1 in nest(types.MappingProxyType, {})`,
  `next(nest(itertools.chain, iter([])))`,
  `next(nest(lambda it: map(abs, it), iter([])))`,
  `next(nest(enumerate, iter([])))`,
  `next(nest(lambda it: itertools.islice(it, 1), iter([])))`,
  `nest(ended, iter([1]), 5_000).throw(ValueError)`,
  `repr(nest(lambda it: list[it], int))`,
  `nest(lambda it: type(list[int])(it, (int,)), int).foo`,
  `nest(lambda it: type(list[int])(it, (int,)), int)()`,
  `Call()()`,
  `str(nest(ValueError))`,
  `compile('not ' * 100_000 + '1', 'x', 'eval')`,
  `compile('1 if 1 else ' * 100_000 + '1', 'x', 'eval')`,
  `compile(nest(lambda it: ast.UnaryOp(ast.USub(), it, lineno=1, col_offset=0), ast.Constant(1)), 'x', 'eval')`,
  `ast.unparse(nest(lambda it: ast.UnaryOp(ast.USub(), it), ast.Constant(1)))`,
];

for (const mode of ["worker", "process", "main_thread"] as const) {
  Deno.test(`countNesting() makes what is nested deep an exception in a kernel of the mode ${mode}`, async () => {
    await using fixture = await createKernel({ mode });
    const setup = await fixture.kernel.execute(NESTED);
    assert.equal(setup.error, null, setup.error?.evalue);
    for (const code of DEEP) {
      const { status, error } = await fixture.kernel.execute(code);
      assert.equal(status, "error", code);
      assert.match(
        error!.ename,
        /^(RecursionError|MemoryError|ValueError|TypeError)$/,
        `${code}: ${error!.evalue}`,
      );
    }
    // An exception in a callback of C code is printed.
    const callback = await fixture.kernel.execute("callback()");
    assert.equal(callback.status, "ok", callback.error?.evalue);
    assert.equal((await fixture.kernel.execute("kept")).result?.data["text/plain"], "42");
  });
}

Deno.test("countNesting() leaves room for what programs nest", async () => {
  await using fixture = await createKernel();
  for (
    const code of [
      "import json; json.loads('[' * 900 + ']' * 900) == json.loads('[' * 900 + ']' * 900)",
      "repr(json.loads('[' * 900 + ']' * 900))",
      "len(json.dumps(json.loads('[' * 900 + ']' * 900)))",
      "compile('(' * 199 + '1' + ')' * 199, 'x', 'eval')",
      "exec('if 0: pass\\n' + 'elif 0: pass\\n' * 200)",
      "import functools; hash(functools.reduce(lambda it, _: (it,), range(1000), 0))",
    ]
  ) {
    const { error } = await fixture.kernel.execute(code);
    assert.equal(error, null, `${code}: ${error?.evalue}`);
  }
});

Deno.test("a process kernel's recursion through C code comes further than a worker's, and ends in an error", async () => {
  await using fixture = await createKernel({ mode: "process" });
  const { error } = await fixture.kernel.execute(
    "class Endless:\n    def __repr__(self): return repr(self)\nrepr(Endless())",
  );
  assert.equal(error?.ename, "RecursionError");
  // A worker kernel has 640 KiB.
  assert.match(error?.evalue ?? "", /used 20\d\d kB|maximum recursion depth/);
  assert.equal((await fixture.kernel.execute("1")).status, "ok");
});
