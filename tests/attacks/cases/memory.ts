import { alive, type Attack, js } from "../attack.ts";

const MEMORY = { status: "error", raises: /MemoryError/ } as const;
const FULL = { status: "error", raises: /OSError: .*space|database or disk is full/ } as const;
const IN_SERVER = "a worker's JavaScript heap is in the server's process";

/** Attacks that use up memory of every kind, and files. */
export const memoryAttacks = ([
  { name: "one huge object", code: "x = bytearray(1_900_000_000)", outcome: MEMORY, then: alive },
  {
    name: "a growing list",
    code: "x = []\nwhile True: x.append(bytearray(2**20))",
    outcome: MEMORY,
    then: alive,
  },
  { name: "a doubling text", code: "x = 'x'\nwhile True: x += x", outcome: MEMORY, then: alive },
  {
    name: "a wide dictionary",
    code: "x = {i: str(i) for i in range(10**9)}",
    timeoutMs: 60_000,
    outcome: MEMORY,
    then: alive,
  },
  { name: "nested tuples", code: "x = ()\nwhile True: x = (x, bytearray(2**16))", outcome: MEMORY },
  {
    name: "a huge number",
    code: "x = 1 << (8 * 10**9)",
    outcome: { status: "error", raises: /MemoryError|OverflowError/ },
    then: alive,
  },
  {
    name: "a range made a list",
    code: "x = list(range(10**10))",
    outcome: { status: "error", raises: /MemoryError|OverflowError/ },
    then: alive,
  },
  {
    name: "a bomb of compressed bytes",
    code:
      "import zlib\nd = zlib.compressobj()\nz = b''.join(d.compress(bytes(2**20)) for _ in range(250)) + d.flush()\nx = zlib.decompress(z)",
    outcome: MEMORY,
    then: alive,
  },
  {
    name: "a database in memory",
    code:
      "import sqlite3\nc = sqlite3.connect(':memory:')\nc.execute('create table t(b)')\nwhile True: c.execute('insert into t values (zeroblob(10000000))')",
    outcome: { status: "error", raises: /MemoryError|OperationalError/ },
    then: alive,
  },
  {
    name: "tasks without end",
    code:
      "import asyncio\nasync def wait(held): await asyncio.sleep(1000)\ntasks = []\nwhile True: tasks.append(asyncio.create_task(wait(bytearray(2**18))))",
    timeoutMs: 60_000,
    outcome: MEMORY,
    then: alive,
  },
  {
    name: "one huge file",
    code: "open('/tmp/x', 'wb').write(bytes(100_000_000))",
    outcome: FULL,
    then: alive,
  },
  {
    name: "a growing file",
    code: "with open('/tmp/x', 'wb') as f:\n  while True: f.write(bytes(2**20))",
    outcome: FULL,
    then: alive,
  },
  {
    name: "a file with a hole",
    code: "with open('/tmp/x', 'wb') as f:\n  f.seek(2**31); f.write(b'x')",
    outcome: FULL,
    then: alive,
  },
  {
    name: "a file that is truncated upwards",
    code: "open('/tmp/x', 'wb').truncate(2**31)",
    outcome: { status: "error", raises: /OSError/ },
    then: alive,
  },
  {
    name: "many small files",
    code: "n = 0\nwhile True:\n  open(f'/tmp/{n}', 'w').close(); n += 1",
    timeoutMs: 60_000,
    outcome: FULL,
    then: alive,
  },
  {
    name: "many directories",
    code: "import os\nn = 0\nwhile True:\n  os.mkdir(f'/tmp/{n}'); n += 1",
    timeoutMs: 60_000,
    outcome: FULL,
    then: alive,
  },
  {
    name: "files without a name",
    code:
      "import os\nkeep = []\nwhile True:\n  f = open('/tmp/x', 'wb', buffering=0); keep.append(f); os.unlink('/tmp/x'); f.write(bytes(2**20))",
    outcome: { status: "error", raises: /OSError/ },
  },
  {
    name: "files of a database",
    code:
      "import sqlite3\nc = sqlite3.connect('/tmp/db')\nc.execute('create table t(b)')\nwhile True: c.execute('insert into t values (zeroblob(1000000))'); c.commit()",
    outcome: { status: "error", raises: /OperationalError/ },
    then: alive,
  },
  {
    name: "a bomb of compressed files",
    code:
      "import zipfile, io\nb = io.BytesIO()\nwith zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED) as z: z.writestr('x', bytes(60_000_000))\nzipfile.ZipFile(b).extractall('/tmp')",
    outcome: FULL,
    then: alive,
  },
  {
    name: "open files",
    code: "keep = []\nwhile True: keep.append(open('/tmp/x', 'w'))",
    outcome: { status: "error", raises: /OSError.*descriptors/ },
    then: alive,
  },
  {
    name: "JavaScript's arrays",
    code: js("keep = js.Array.new()\nwhile True: keep.push(js.Array.new(10000).fill('x'))"),
    timeoutMs: 60_000,
    outcome: { status: "ended", reason: /memory limit/ },
    notInWorker: IN_SERVER,
  },
  {
    name: "JavaScript's texts",
    code: js(
      "keep = js.Array.new()\ni = 0\nwhile True:\n  i += 1; keep.push('x' * 1_000_000 + str(i))",
    ),
    timeoutMs: 60_000,
    outcome: { status: "ended", reason: /memory limit/ },
    notInWorker: IN_SERVER,
  },
  {
    name: "JavaScript's buffers",
    code: js("keep = js.Array.new()\nwhile True: keep.push(js.Uint8Array.new(10_000_000).fill(1))"),
    timeoutMs: 60_000,
    outcome: { status: "ended", reason: /memory limit/ },
    notInWorker: IN_SERVER,
  },
  {
    name: "JavaScript's shared buffers",
    code: js(
      "keep = js.Array.new()\nwhile True: keep.push(js.Uint8Array.new(js.SharedArrayBuffer.new(10_000_000)).fill(1))",
    ),
    timeoutMs: 60_000,
    outcome: { status: "ended", reason: /memory limit/ },
    notInWorker: IN_SERVER,
  },
  {
    name: "JavaScript's copies",
    code: js(
      "x = js.Uint8Array.new(10_000_000).fill(1)\nkeep = js.Array.new()\nwhile True: keep.push(js.structuredClone(x))",
    ),
    timeoutMs: 60_000,
    outcome: { status: "ended", reason: /memory limit/ },
    notInWorker: IN_SERVER,
  },
  {
    name: "WebAssembly's memories",
    code: js(
      "keep = js.Array.new()\nwhile True:\n  m = js.WebAssembly.Memory.new(js.Object.fromEntries([['initial', 1000]])); js.Uint8Array.new(m.buffer).fill(1); keep.push(m)",
    ),
    timeoutMs: 60_000,
    outcome: { status: "ended", reason: /memory limit/ },
    notInWorker: IN_SERVER,
  },
  {
    name: "growing its own memory from JavaScript",
    code: js(
      "import pyodide_js\nm = pyodide_js._module.wasmMemory if hasattr(pyodide_js._module, 'wasmMemory') else None\nm.grow(30000)",
    ),
    outcome: { status: "error", raises: /./ },
    then: alive,
  },
] satisfies Attack[]).map((it): Attack => ({ ...it, usesUp: true }));
