import { alive, type Attack, js, raises } from "../attack.ts";

const MISSING = { status: "error", raises: /AttributeError/ } as const;

/** Attacks on the kernel's own runtime, its host and other kernels. */
export const runtimeAttacks: Attack[] = [
  {
    name: "speak to the host as the worker",
    code: js("js.postMessage('forged')"),
    outcome: MISSING,
  },
  {
    name: "reach other kernels by a broadcast",
    code: js("js.BroadcastChannel.new('x')"),
    outcome: MISSING,
  },
  { name: "take the locks of other kernels", code: js("js.navigator.locks"), outcome: MISSING },
  {
    name: "leave something in a cache for others",
    code: js("await js.caches.open('x')"),
    outcome: MISSING,
  },
  ...[["cache", "CacheStorage", "open('x')"], ["lock", "LockManager", "request('x', print)"]].map(
    ([what, kind, call]): Attack => ({
      name: `make a ${what} of a class that is left`,
      // Each object of the platform has a brand, by which its methods recognise their receiver.
      code: js(`brand = js.Reflect.ownKeys(js.Headers.new())[0]
forged = js.Object.create(js.${kind}.prototype)
js.Reflect.set(forged, brand, brand)
await forged.${call}`),
      outcome: MISSING,
    }),
  ),
  ...[
    "node:worker_threads",
    "node:module",
    "node:fs",
    "npm:zod",
    "data:text/javascript,export default 1",
    "data:text/typescript,export default 1 as number",
    "https://example.com/module.js",
    "./errors.ts",
    "ext:core/ops",
  ].map((specifier): Attack => ({
    name: `import ${specifier.slice(0, 30)}`,
    kernel: { javascript: true },
    code: js(`await js.eval("import('${specifier}')")`),
    outcome: raises(/A kernel cannot import/),
  })),
  {
    name: "import what it has made",
    kernel: { javascript: true },
    code: js(`await js.eval("""
      import(URL.createObjectURL(new Blob(["export default 1"], { type: "text/javascript" })))
    """)`),
    outcome: raises(/A kernel cannot import/),
  },
  {
    name: "import with a loader's hook of its own",
    kernel: { javascript: true },
    code: js(`await js.eval("""
      const hook = (specifier, context, next) => next(specifier, context);
      for (const prototype of [Array.prototype, Object.prototype]) {
        try { Object.defineProperty(prototype, "0", { get: () => hook, set() {} }) } catch {}
        try { Object.setPrototypeOf(prototype, new Proxy({}, { get: () => hook })) } catch {}
      }
      import("node:worker_threads")
    """)`),
    outcome: raises(/A kernel cannot import/),
  },
  {
    name: "require a module",
    code: js("js.process.getBuiltinModule('node:module')"),
    outcome: MISSING,
  },
  { name: "make a channel of its own", code: js("js.MessageChannel.new()"), outcome: MISSING },
  { name: "close the worker", code: js("js.close()"), outcome: MISSING },
  {
    name: "forge the host's order to end",
    code: js(`from pyodide.ffi import to_js
data = to_js({'message': {'type': 'end'}, 'buffers': []}, dict_converter=js.Object.fromEntries)
js.dispatchEvent(js.MessageEvent.new('message', js.Object.fromEntries([['data', data]])))
import time; time.sleep(5)`),
    outcome: { status: "ended", reason: /its worker ended by itself/ },
  },
  {
    name: "forge a call of the host",
    code: js(`from pyodide.ffi import to_js
call = {'type': 'call', 'id': 12345, 'name': 'ping', 'args': {}}
data = to_js({'message': call, 'buffers': []}, dict_converter=js.Object.fromEntries)
js.dispatchEvent(js.MessageEvent.new('message', js.Object.fromEntries([['data', data]])))
import asyncio; await asyncio.sleep(2)`),
    outcome: { status: "ended", reason: /not in the protocol|nobody asked/ },
  },
  {
    name: "forge a message of the host without a form",
    code: js(
      `js.dispatchEvent(js.MessageEvent.new('message', js.Object.fromEntries([['data', 1]])))`,
    ),
    outcome: { status: "ok" },
    then: alive,
  },
  {
    // Its counters lie in shared memory, which the host reads.
    name: "get hold of the ring of its output by the function that writes there",
    code: js("seen = js.Array.new()\njs.Atomics.store = seen.push.bind(seen)"),
    outcome: raises(/Cannot assign to read only property 'store'/),
    then: alive,
  },
  {
    name: "swallow the host's messages",
    code: js(`from pyodide.ffi import create_proxy
js.addEventListener('message', create_proxy(lambda event: event.stopImmediatePropagation()), True)
_ = None`),
    outcome: { status: "ok" },
    then: { ...alive, timeoutMs: 60_000 },
  },
  {
    name: "replace the parser of messages",
    code: js("js.JSON.parse = lambda *args: 1/0\njs.JSON.stringify = lambda *args: 'forged'"),
    outcome: raises(/Cannot assign to read only property 'parse'/),
    then: alive,
  },
  {
    name: "replace promises",
    code: js("js.Promise.prototype.then = lambda *args: None"),
    outcome: raises(/Cannot assign to read only property 'then'/),
    then: alive,
  },
  {
    name: "replace the class of promises",
    code: js("js.Promise = None"),
    outcome: raises(/Cannot assign to read only property 'Promise'/),
    then: alive,
  },
  {
    name: "give all objects a new property",
    code: js(
      "js.Object.prototype.type = 'forged'\njs.Object.prototype.at = -1\njs.Object.prototype.toJSON = None",
    ),
    outcome: raises(/not extensible/),
    then: alive,
  },
  {
    name: "replace what prints",
    code: js("js.console.log = lambda *args: 1/0\njs.console.error = lambda *args: 1/0"),
    outcome: { status: "ok" },
    then: alive,
  },
  {
    name: "reject promises without end",
    code: js("for _ in range(100): js.Promise.reject(js.Error.new('x' * 1000))"),
    outcome: { status: "ok" },
    then: alive,
  },
  {
    name: "find the snapshot that others start from",
    code:
      "import pyodide_js\nprint('found', getattr(pyodide_js._api.config, '_loadSnapshot', None))",
    outcome: { status: "ok", prints: /found None/ },
  },
  {
    name: "overwrite its own memory",
    code: "import pyodide_js\npyodide_js._module.HEAPU8.fill(255)",
    outcome: { status: "ended", reason: /the interpreter failed|its process|its worker/ },
  },
  {
    name: "overwrite Python's standard library",
    code: `import glob, sys
for path in glob.glob('/lib/python*.zip'): open(path, 'wb').write(b'tampered')
for path in glob.glob('/lib/python*/site-packages/**/*.py', recursive=True): open(path, 'w').write('raise SystemExit')
print('tampered')`,
    outcome: { status: "ok", prints: /tampered/ },
  },
  {
    name: "replace Python's own print and import",
    code: "import builtins\nbuiltins.print = None\nbuiltins.__import__ = None",
    outcome: { status: "ok" },
    then: { code: "kept", outcome: { status: "ok", prints: /42/ } },
  },
  {
    name: "make JavaScript of a string",
    code: js("js.eval('1+1')"),
    outcome: { status: "error", raises: /EvalError/ },
    notInWorker: "the flag that forbids it is the whole process's, and the server's own",
  },
  {
    name: "make a JavaScript function of a string",
    code: js("js.Object.new().constructor.constructor('return 1')()"),
    outcome: { status: "error", raises: /EvalError/ },
    notInWorker: "the flag that forbids it is the whole process's, and the server's own",
  },
  {
    name: "run JavaScript with Pyodide's own function",
    code: "from pyodide.code import run_js\nrun_js('1+1')",
    outcome: { status: "error", raises: /EvalError/ },
    notInWorker: "the flag that forbids it is the whole process's, and the server's own",
  },
  {
    name: "raise SystemExit",
    code: "import sys\nsys.exit(3)",
    outcome: { status: "error", raises: /SystemExit/ },
    then: alive,
  },
  {
    name: "raise SystemExit in the background",
    code:
      "import asyncio\nasync def leave(): raise SystemExit\nasyncio.create_task(leave())\nawait asyncio.sleep(0.01)",
    outcome: { status: "ok" },
    then: alive,
  },
  {
    name: "exit at once",
    code: "import os\nos._exit(3)",
    outcome: { status: "ended", reason: /exit\(3\)/ },
  },
  {
    name: "abort",
    code: "import os\nos.abort()",
    outcome: { status: "ended", reason: /the interpreter failed/ },
  },
  {
    name: "jump to nowhere",
    code: "import ctypes\nctypes.CFUNCTYPE(None)(1)()",
    outcome: { status: "ended", reason: /the interpreter failed/ },
  },
  {
    name: "write beyond its memory",
    code: "import ctypes\nctypes.memset(2**32 - 16, 1, 2**20)",
    outcome: { status: "ended", reason: /the interpreter failed/ },
  },
  {
    name: "crash with made-up bytecode",
    code:
      "def f(): pass\nf.__code__ = f.__code__.replace(co_code=b'\\x64\\xff' * 64, co_consts=())\nf()",
    timeoutMs: 10_000,
    outcome: { status: "contained" },
  },
  {
    name: "recurse in Python",
    code: "def f(): return f()\nf()",
    outcome: { status: "error", raises: /RecursionError/ },
    then: alive,
  },
  {
    name: "recurse in Python without its limit",
    code: "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()",
    outcome: { status: "error", raises: /MemoryError|RecursionError/ },
    then: alive,
  },
  {
    name: "recurse in C",
    code: "x = []\nfor _ in range(200000): x = [x]\nrepr(x)",
    outcome: { status: "error", raises: /RecursionError/ },
    then: alive,
  },
  {
    name: "recurse in the compiler",
    code: "compile('(' * 100000 + ')' * 100000, 'x', 'eval')",
    outcome: { status: "error", raises: /MemoryError|RecursionError|SyntaxError/ },
    then: alive,
  },
  {
    name: "recurse through JavaScript",
    code: js(
      "from pyodide.ffi import create_proxy\ndef f(*args): return g()\ng = js.Object.new.bind(None)\np = create_proxy(lambda *a: js.Reflect.apply(p, None, js.Array.new()))\np()",
    ),
    outcome: { status: "error", raises: /./ },
  },
];
