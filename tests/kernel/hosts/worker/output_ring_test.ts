import assert from "node:assert/strict";
import { createRing, RingReader, RingWriter } from "../../../../kernel/hosts/worker/output_ring.ts";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A reader that gathers what it hands on; it never corrupts unless `corrupt` is filled. */
function reader(ring: SharedArrayBuffer) {
  const heard: string[] = [];
  const corrupt: string[] = [];
  const ringReader = new RingReader(
    ring,
    (name, text) => void heard.push(`${name}: ${text}`),
    (reason) => void corrupt.push(reason),
  );
  return { reader: ringReader, heard, corrupt, [Symbol.dispose]: () => ringReader.close() };
}

Deno.test("RingReader hands on what another thread writes, whole and in order, through a small ring", async () => {
  const ring = createRing(1024);
  const lines: number[] = [];
  const passed: number[] = [];
  const done = Promise.withResolvers<void>();
  const ringReader = new RingReader(ring, (_name, text) => {
    for (const line of text.trimEnd().split("\n")) lines.push(Number(line));
  }, (reason) => done.reject(new Error(reason)));
  const worker = new Worker(new URL("../../../support/ring_writer.ts", import.meta.url), {
    type: "module",
  });
  worker.onmessage = ({ data }) => {
    ringReader.drainTo(data.at ?? data.end);
    if ("line" in data) {
      // The lines before the message have been handed on; the lines after it wait for the message.
      assert.equal(lines.length, data.line + 1);
      passed.push(data.line);
    } else done.resolve();
  };
  worker.postMessage({ ring, lines: 20_000 });
  await done.promise;
  ringReader.close();
  worker.terminate();
  assert.equal(passed.length, 20);
  assert.deepEqual(lines, Array.from({ length: 20_000 }, (_, index) => index));
});

Deno.test("RingReader hands on what is written, whether it rests or gathers, and stops when closed", async () => {
  const ring = createRing(1024);
  const writer = new RingWriter(ring, () => {});
  let heard = Promise.withResolvers<string>();
  const ringReader = new RingReader(ring, (_name, text) => heard.resolve(text), assert.fail);
  // Waiting for shared memory keeps no program alive; a kernel's worker does.
  const alive = setInterval(() => {}, 1000);
  for (const text of ["at rest", "gathering", "x".repeat(600), "at rest again"]) {
    writer.write("stdout", bytes(text));
    assert.equal(await heard.promise, text);
    heard = Promise.withResolvers();
    if (text.startsWith("x")) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  ringReader.close();
  writer.write("stdout", bytes("nobody is there"));
  ringReader.drainTo(writer.position);
  const late = await Promise.race([heard.promise, new Promise((resolve) => setTimeout(resolve))]);
  assert.equal(late, undefined);
  clearInterval(alive);
});

Deno.test("RingWriter.write() asks what to do when the ring is full, and gives up when that throws", () => {
  const writer = new RingWriter(createRing(64), () => {
    throw new Error("stop writing");
  });
  writer.write("stdout", bytes("x".repeat(30)));
  assert.throws(() => writer.write("stdout", bytes("x".repeat(100))), /stop writing/);
});

Deno.test("RingReader.drainTo() reads up to a position and not past it", () => {
  const ring = createRing(1024);
  using it = reader(ring);
  const writer = new RingWriter(ring, () => {});
  writer.write("stdout", bytes("one"));
  const at = writer.barrier();
  writer.write("stderr", bytes("two"));
  it.reader.drainTo(at);
  assert.deepEqual(it.heard, ["stdout: one"]);
  it.reader.drainTo(writer.position);
  it.reader.drainTo(at); // An old position: nothing more to read there.
  assert.deepEqual(it.heard, ["stdout: one", "stderr: two"]);
});

for (
  const [what, damage] of [
    ["claims more than it holds", (counters: Int32Array) => counters[0] = 1_000_000],
    ["is written to before it began", (counters: Int32Array) => counters[0] = -1],
    ["has a frame longer than itself", (counters: Int32Array, data: Uint8Array) => {
      data.set([0x7f, 0xff, 0xff, 0xff]);
      counters[0] = 64;
    }],
    ["ends within a header", (counters: Int32Array) => counters[0] = 3],
  ] as const
) {
  Deno.test(`RingReader reports a ring that ${what}, and stops`, () => {
    const ring = createRing(1024);
    using it = reader(ring);
    damage(new Int32Array(ring, 0, 2), new Uint8Array(ring, ring.byteLength - 1024));
    it.reader.drainTo(new Int32Array(ring, 0, 2)[0]!);
    assert.equal(it.corrupt.length, 1);
    assert.match(it.corrupt[0]!, /its output ring is damaged/);
    it.reader.drainTo(8);
    assert.equal(it.corrupt.length, 1);
  });
}

Deno.test("RingReader keeps its own position, whatever the ring says of it", () => {
  const ring = createRing(1024);
  using it = reader(ring);
  const writer = new RingWriter(ring, () => {});
  writer.write("stdout", bytes("one"));
  it.reader.drainTo(writer.position);
  new Int32Array(ring)[1] = -1_000_000;
  writer.write("stdout", bytes("two"));
  it.reader.drainTo(writer.position);
  assert.deepEqual(it.heard, ["stdout: one", "stdout: two"]);
  assert.deepEqual(it.corrupt, []);
});

Deno.test("RingReader reports a writer that goes back", () => {
  const ring = createRing(1024);
  using it = reader(ring);
  const writer = new RingWriter(ring, () => {});
  writer.write("stdout", bytes("one"));
  it.reader.drainTo(writer.position);
  new Int32Array(ring)[0] = 0;
  it.reader.drainTo(writer.position);
  assert.deepEqual(it.corrupt, ["its output ring is damaged: it holds more than it can"]);
});

Deno.test("RingReader reports a message that is ahead of what was written", () => {
  const ring = createRing(1024);
  using it = reader(ring);
  it.reader.drainTo(8);
  assert.deepEqual(it.corrupt, [
    "its output ring is damaged: a message is ahead of what was written",
  ]);
});

Deno.test("RingReader reports a writer that wakes it for nothing, after a bounded number of looks", async () => {
  const ring = createRing(1024);
  const numbers = new Int32Array(ring, 0, 4);
  const damaged = Promise.withResolvers<string>();
  const ringReader = new RingReader(ring, assert.fail, damaged.resolve);
  let wakes = 0;
  const spinning = setInterval(() => {
    if (Atomics.exchange(numbers, 3, 1) !== 0) return;
    wakes++;
    Atomics.notify(numbers, 3);
  });
  assert.match(await damaged.promise, /it wakes its reader for nothing/);
  clearInterval(spinning);
  ringReader.close();
  assert.ok(wakes < 20, `${wakes}`);
});

Deno.test("RingReader goes on when each of many writes is read by the message that follows", async () => {
  const ring = createRing(1024);
  using it = reader(ring);
  const writer = new RingWriter(ring, () => {});
  for (let round = 0; round < 100; round++) {
    writer.write("stdout", bytes("."));
    it.reader.drainTo(writer.barrier());
    await new Promise((resolve) => setTimeout(resolve));
  }
  assert.deepEqual(it.corrupt, []);
  assert.equal(it.heard.length, 100);
});

Deno.test("RingReader rests at a barrier, and hands on what stands behind it after its message", async () => {
  const ring = createRing(1024);
  const heard = Promise.withResolvers<string>();
  const ringReader = new RingReader(ring, (_name, text) => heard.resolve(text), assert.fail);
  const writer = new RingWriter(ring, () => {});
  // Waiting for shared memory keeps no program alive; a kernel's worker does.
  const alive = setInterval(() => {}, 1000);
  const at = writer.barrier();
  writer.write("stdout", bytes("behind"));
  const early = new Promise((resolve) => setTimeout(resolve, 30, "nothing"));
  assert.equal(await Promise.race([heard.promise, early]), "nothing");
  ringReader.drainTo(at);
  assert.equal(await heard.promise, "behind");
  ringReader.close();
  clearInterval(alive);
});

Deno.test("RingWriter.barrier() waits while the host has many events to take, or large ones", () => {
  const ring = createRing(64 * 1024);
  using it = reader(ring);
  const positions: number[] = [];
  let waits = 0;
  const writer = new RingWriter(ring, () => {
    waits++;
    it.reader.drainTo(positions.at(-1)!);
  });
  const post = (count: number, bytes?: number) => {
    for (let i = 0; i < count; i++) positions.push(writer.barrier(bytes));
    return waits;
  };
  assert.equal(post(256), 0);
  assert.equal(post(1), 1);
  assert.equal(post(1, 100 * 2 ** 20), 2, "one of any size has to pass, alone");
  assert.equal(post(1, 1), 3);
  assert.equal(post(7, 2 ** 20), 3);
  assert.equal(post(1, 2 ** 20), 4);
  assert.deepEqual(it.corrupt, []);
});
