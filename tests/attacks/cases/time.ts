import { alive, type Attack, js } from "../attack.ts";

const REPLACED = { status: "replaced", reason: /^timeout: still running/ } as const;
const SPINS = "a thread outside of Python cannot be stopped, and spins on in the server";

/** Attacks that take time without end. */
export const timeAttacks: Attack[] = [
  {
    name: "a loop",
    code: "while True: pass",
    timeoutMs: 300,
    outcome: { status: "interrupted" },
    then: alive,
  },
  {
    name: "a sleep",
    code: "import time\ntime.sleep(10**6)",
    timeoutMs: 300,
    outcome: { status: "interrupted" },
    then: alive,
  },
  {
    name: "an await",
    code: "import asyncio\nawait asyncio.Event().wait()",
    timeoutMs: 300,
    outcome: { status: "interrupted" },
    then: alive,
  },
  {
    name: "a regular expression",
    code: "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
    timeoutMs: 300,
    outcome: { status: "interrupted" },
    then: alive,
  },
  {
    name: "a number to a power",
    code: "x = 7 ** (10 ** 8)",
    timeoutMs: 300,
    outcome: { status: "interrupted" },
  },
  {
    name: "a loop that catches everything",
    code: "while True:\n  try:\n    while True: pass\n  except BaseException: pass",
    timeoutMs: 300,
    outcome: REPLACED,
  },
  {
    name: "a loop that ignores signals",
    code: "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    timeoutMs: 300,
    outcome: REPLACED,
  },
  {
    name: "a loop in C",
    code: "sum(range(10**14))",
    timeoutMs: 300,
    outcome: REPLACED,
    notInWorker: SPINS,
  },
  {
    name: "an endless iterator in C",
    code: "import itertools, collections\ncollections.deque(itertools.repeat(None), maxlen=0)",
    timeoutMs: 300,
    outcome: REPLACED,
    notInWorker: SPINS,
  },
  {
    name: "a regular expression of JavaScript",
    code: js("js.RegExp.new('(a+)+$').test('a' * 60 + 'b')"),
    timeoutMs: 300,
    outcome: REPLACED,
    notInWorker: SPINS,
  },
  {
    name: "a loop of JavaScript",
    code: js("js.Array.prototype.indexOf.call(js.Object.fromEntries([['length', 9e15]]), 1)"),
    timeoutMs: 300,
    outcome: REPLACED,
    notInWorker: SPINS,
  },
  {
    name: "a wait of JavaScript",
    code: js("js.Atomics.wait(js.Int32Array.new(js.SharedArrayBuffer.new(4)), 0, 0)"),
    timeoutMs: 300,
    outcome: REPLACED,
  },
  {
    name: "a loop after the cell has ended",
    code:
      "import asyncio\ndef spin():\n  while True: pass\nasyncio.get_running_loop().call_later(0.05, spin)\n_ = None",
    outcome: { status: "ok" },
    then: {
      // The sleep is long enough for the loop to begin meanwhile. When the loop begins before this cell, the
      // cell sleeps after the interrupt, and the time that an interrupted cell has is far longer.
      code: "import time\ntime.sleep(0.2)\n1",
      timeoutMs: 1_000,
      outcome: { status: "interrupted", late: true },
    },
  },
  {
    name: "timers without end",
    code: js(
      "from pyodide.ffi import create_proxy\nf = create_proxy(lambda: None)\nfor _ in range(1000): js.setInterval(f, 0)\n_ = None",
    ),
    outcome: { status: "ok" },
    then: { code: "kept", timeoutMs: 60_000, outcome: { status: "ok", prints: /42/ } },
  },
  {
    name: "more time than the kernel may take",
    kernel: { limits: { executionSeconds: 0.3 } },
    code: "while True: pass",
    outcome: { status: "interrupted" },
    then: alive,
  },
  {
    name: "more processor time than the kernel may take",
    kernel: { limits: { cpuSeconds: 0.3 } },
    code: "while True: pass",
    outcome: { status: "interrupted" },
    then: alive,
  },
  {
    name: "more processor time in C than the kernel may take",
    kernel: { limits: { cpuSeconds: 0.3 } },
    code: "sum(range(10**14))",
    outcome: { status: "replaced", reason: /^cpu limit: still running/ },
    notInWorker: SPINS,
  },
];
