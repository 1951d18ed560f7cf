import assert from "node:assert/strict";
import { guardImports } from "../../../kernel/pyodide/guarded_imports.ts";

/** One imported function that throws, guarded; and what became of it. */
function guardThrowing(name: string, sig: string, error: unknown) {
  const handled: unknown[] = [];
  const failures: string[] = [];
  const call = Object.assign(() => {
    throw error;
  }, { sig });
  const imports: Record<string, unknown> = { [name]: call };
  guardImports(imports, {
    handleError: (it) => void handled.push(it),
    errorMarker: "error marker",
    onFailure: (it) => void failures.push(it),
  });
  return { call: imports[name] as typeof call, handled, failures };
}

class ErrnoError extends Error {
  override name = "ErrnoError";
  constructor(readonly errno: number) {
    super();
  }
}

for (
  const [what, name, sig, error, answer] of [
    ["a system call a negated number", "__syscall_stat64", "ipp", new TypeError("x"), -52],
    ["a system call the number it threw", "__syscall_stat64", "ipp", new ErrnoError(44), -44],
    ["a call of WASI a number", "fd_read", "iippp", new Deno.errors.NotCapable("x"), 63],
    ["a look-up of names its own number", "getaddrinfo", "ipppp", new Error("x"), -4],
    ["an allocation no address", "emscripten_resize_heap", "ip", new RangeError("x"), 0],
    ["a time that is none", "_timegm_js", "jp", new RangeError("x"), -1n],
    [
      "a memory that is too small",
      "_mmap_js",
      "ipiiijpp",
      new RangeError("Invalid array length"),
      -48,
    ],
    ["nothing where nothing is returned", "emscripten_console_log", "vp", undefined, undefined],
    ["nothing that was thrown", "__syscall_dup", "ii", null, -52],
    ["a number that was thrown", "__syscall_dup", "ii", 7, -52],
    [
      "an error whose properties throw",
      "fd_close",
      "ii",
      new Proxy({}, {
        get() {
          throw new Error("hostile");
        },
      }),
      52,
    ],
  ] as const
) {
  Deno.test(`guardImports() answers for what ${name} threw: ${what}`, () => {
    const { call, failures, handled } = guardThrowing(name, sig, error);
    assert.equal(call(), answer);
    assert.equal(call.sig, sig);
    assert.deepEqual(failures, [name]);
    assert.deepEqual(handled, []);
  });
}

Deno.test("guardImports() makes Python exceptions of what Pyodide's functions throw", () => {
  const error = new TypeError("not extensible");
  const object = guardThrowing("JsvFunction_Construct", "eee", error);
  assert.equal(object.call(), "error marker");
  assert.deepEqual(object.handled, [error]);
  const count = guardThrowing("JsvArray_Push", "iee", error);
  assert.equal(count.call(), -1);
  assert.deepEqual(count.handled, [error]);
});

for (
  const [what, error] of [
    [
      "the end of the interpreter",
      Object.assign(new Error("fatal"), { pyodide_fatal_error: true }),
    ],
    ["a trap", new WebAssembly.RuntimeError("unreachable")],
  ] as const
) {
  Deno.test(`guardImports() lets ${what} through`, () => {
    const { call, failures } = guardThrowing("__syscall_stat64", "ipp", error);
    assert.throws(call, (thrown) => thrown === error);
    assert.deepEqual(failures, []);
  });
}

Deno.test("guardImports() leaves alone what ends an interpreter on purpose, and what suspends it", () => {
  const end = Object.assign(() => {}, { sig: "vi" });
  const suspending = {};
  const imports: Record<string, unknown> = { proc_exit: end, syncifyHandler: suspending };
  guardImports(imports, { handleError: () => {}, errorMarker: null, onFailure: () => {} });
  assert.equal(imports["proc_exit"], end);
  assert.equal(imports["syncifyHandler"], suspending);
});
