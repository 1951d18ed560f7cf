import assert from "node:assert/strict";
import { MemoryReserve } from "../../../kernel/pyodide/memory_reserve.ts";
import { createKernel } from "../../support/mod.ts";

/** A heap of a number of blocks. */
class FakeHeap {
  free: number;
  #last = 0;

  constructor(blocks: number) {
    this.free = blocks;
  }

  _malloc(): number {
    if (this.free === 0) return 0;
    this.free--;
    return ++this.#last;
  }

  _free(): void {
    this.free++;
  }
}

Deno.test("MemoryReserve.open() gives its memory away only when there is no other", () => {
  const heap = new FakeHeap(16);
  const reserve = new MemoryReserve(heap);
  assert.equal(heap.free, 4);
  reserve.open();
  reserve.close();
  assert.equal(heap.free, 4);
  heap.free = 0;
  reserve.noteFull();
  reserve.open();
  assert.equal(heap.free, 12);
});

Deno.test("MemoryReserve.close() takes back what is left, and the rest once there is room", () => {
  const heap = new FakeHeap(12);
  const reserve = new MemoryReserve(heap);
  reserve.noteFull();
  reserve.open();
  heap.free -= 6; // The kernel's own code has kept something.
  reserve.close();
  assert.equal(heap.free, 0);
  heap.free += 100; // User code has freed memory.
  reserve.open();
  assert.equal(heap.free, 106);
  reserve.close();
  assert.equal(heap.free, 94);
  reserve.open();
  assert.equal(heap.free, 94);
});

Deno.test("MemoryReserve.relieve() gives user code a quarter of it, a block for each refusal", () => {
  const heap = new FakeHeap(12);
  const reserve = new MemoryReserve(heap);
  reserve.relieve();
  assert.equal(heap.free, 0);
  for (const free of [1, 2, 3, 3, 3]) {
    reserve.noteFull();
    reserve.relieve();
    reserve.relieve();
    assert.equal(heap.free, free);
  }
  reserve.open();
  assert.equal(heap.free, 12);
});

const FULL = {
  "objects that nest": "x = ()\nwhile True: x = (x,)",
  "dictionaries": "x = None\nwhile True: x = {'a': x}",
  "texts": "x, i = {}, 0\nwhile True: x[i] = str(i) * 3; i += 1",
  "closures": "def close(o): return lambda: o\nx = None\nwhile True: x = close(x)",
  "objects, again and again":
    "x = ()\nfor _ in range(20):\n  try:\n    while True: x = (x,)\n  except MemoryError: pass",
  "an await": "import asyncio\nx = ()\nawait asyncio.sleep(0)\nwhile True: x = (x,)",
};

for (const [what, code] of Object.entries(FULL)) {
  Deno.test(`a kernel lives on when its memory is full of small objects: ${what}`, async () => {
    await using fixture = await createKernel({ mode: "process", limits: { memoryMiB: 64 } });
    const { kernel } = fixture;
    const { error, kernel: outcome } = await kernel.execute(code);
    assert.deepEqual([outcome.reason, outcome.statePreserved], [null, true]);
    if (!code.includes("except")) assert.equal(error?.ename, "MemoryError");
    for (let i = 0; i < 5; i++) {
      assert.equal((await kernel.execute("while True: x = (x,)")).error?.ename, "MemoryError");
      assert.equal((await kernel.execute("1 + 1")).result?.data["text/plain"], "2");
      assert.equal((await kernel.execute("1 / 0")).error?.ename, "ZeroDivisionError");
    }
    assert.equal((await kernel.execute("del x")).status, "ok");
    const result = await kernel.execute("len([[i] for i in range(100_000)])");
    assert.equal(result.result?.data["text/plain"], "100000");
  });
}
