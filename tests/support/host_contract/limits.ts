import assert from "node:assert/strict";
import { type KernelFixture, temporaryDirectory } from "../mod.ts";
import { type HostPromises, hostTests } from "./promises.ts";

/** Tests the limits of a kernel. */
export function testLimits(promises: HostPromises): void {
  const { preemptive } = promises;
  const { create, test } = hostTests(promises);

  /** Makes a kernel whose processor time is known; it is unknown for two kernels made at the same moment. */
  async function createWithClock(attempts = 5): Promise<KernelFixture> {
    const fixture = await create({ limits: { cpuSeconds: 0.6 } });
    const { usage } = await fixture.kernel.execute("1");
    if (usage.cpuMs !== null) return fixture;
    await fixture[Symbol.asyncDispose]();
    assert.ok(attempts > 1, "nobody knows the processor time");
    return await createWithClock(attempts - 1);
  }

  test("memoryBytes tells how large the interpreter has grown", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    const before = kernel.info.memoryBytes ?? 0;
    const result = await kernel.execute("x = bytearray(64 * 2**20)");
    assert((result.memoryBytes ?? 0) >= before + 2 ** 25, `${before} -> ${result.memoryBytes}`);
    assert.equal(kernel.info.memoryBytes, result.memoryBytes);
    assert(before > 2 ** 20);
  });

  test("limits.memoryMb makes more a MemoryError, and the kernel lives", async () => {
    await using fixture = await create({ limits: { memoryMb: 96 } });
    const { kernel } = fixture;
    assert.equal((await kernel.execute("kept = bytes(20_000_000)")).status, "ok");
    const { error } = await kernel.execute("x = bytes(100_000_000)");
    assert.equal(error?.ename, "MemoryError");
    assert.equal((await kernel.execute("len(kept)")).result?.data["text/plain"], "20000000");
    assert((kernel.info.memoryBytes ?? 0) <= 96 * 2 ** 20);
  });

  test("limits.filesMb makes more an OSError, and what is removed makes room", async () => {
    await using fixture = await create({ limits: { filesMb: 2 } });
    const { kernel } = fixture;
    const fill = "f = open('/tmp/x', 'wb')\nfor _ in range(9): f.write(bytes(2**18)); f.flush()";
    for (let round = 0; round < 2; round++) {
      const { error } = await kernel.execute(fill);
      assert.match(`${error?.ename}: ${error?.evalue}`, /^OSError: .*No space left on device/);
      const { result } = await kernel.execute("import os\nos.stat('/tmp/x').st_size >= 7 * 2**18");
      assert.equal(result?.data["text/plain"], "True");
      assert.equal((await kernel.execute("f.close()\nos.remove('/tmp/x')")).status, "ok");
    }
  });

  test("limits.filesMb is what shutil.disk_usage() tells", async () => {
    await using mounted = await temporaryDirectory();
    await using fixture = await create({
      limits: { filesMb: 4 },
      mounts: [{ root: mounted.path, mountPoint: "/data" }],
    });
    const { result } = await fixture.kernel.execute(
      "import shutil\nbefore = shutil.disk_usage('/tmp')\nopen('/tmp/x', 'wb').write(bytes(2**20))\n" +
        "after = shutil.disk_usage('/')\n" +
        "before.total, (before.free - after.free) // 2**20, shutil.disk_usage('/data').free <= after.free",
    );
    assert.equal(result?.data["text/plain"], `(${4 * 2 ** 20}, 1, True)`);
  });

  test("limits.filesMb counts what is added to a writable mount", async () => {
    await using mounted = await temporaryDirectory({ "in.txt": "x".repeat(1_000_000) });
    await using fixture = await create({
      limits: { filesMb: 1 },
      mounts: [{ root: mounted.path, mountPoint: "/data" }],
    });
    const { kernel } = fixture;
    const over = await kernel.execute(
      "open('/data/in.txt', 'w').write('y' * 1_000_000)\nlen(open('/data/in.txt').read())",
    );
    assert.equal(over.result?.data["text/plain"], "1000000");
    const { error } = await kernel.execute(
      "with open('/data/new.txt', 'wb') as f:\n  f.write(bytes(2**20))",
    );
    assert.match(String(error?.evalue), /No space left on device/);
    assert((await Deno.stat(`${mounted.path}/new.txt`)).size < 2 ** 20);
    // A removed file counts no more, as far as this kernel has added to it.
    await Deno.writeTextFile(`${mounted.path}/theirs.txt`, "z".repeat(3_000_000));
    const again = await kernel.execute(
      "import os\nfor name in os.listdir('/data'): os.remove('/data/' + name)\n" +
        "for size in (900_000, 1_200_000):\n  with open('/data/again.txt', 'wb') as f:\n    f.write(bytes(size))",
    );
    assert.match(String(again.error?.evalue), /No space left on device/);
    assert((await Deno.stat(`${mounted.path}/again.txt`)).size < 2 ** 20);
    assert.equal((await kernel.execute("size")).result?.data["text/plain"], "1200000");
  });

  test("limits.openFiles makes more an OSError", async () => {
    await using fixture = await create({ limits: { openFiles: 20 } });
    const { error } = await fixture.kernel.execute(
      "keep = [open('/tmp/x', 'w') for _ in range(30)]",
    );
    assert.match(String(error?.evalue), /No file descriptors available/);
    assert.equal(
      (await fixture.kernel.execute("keep = None\nopen('/tmp/x').close()")).status,
      "ok",
    );
  });

  test("limits.outputBytes cuts what is shown, and the run goes on", async () => {
    await using fixture = await create({ limits: { outputBytes: 1_000 } });
    const { kernel } = fixture;
    const result = await kernel.execute("for i in range(1000): print('x' * 99)\ndone = True");
    assert.equal(result.status, "ok");
    const [kept, notice] = result.outputs as { text: string }[];
    assert.equal(kept!.text, `${"x".repeat(99)}\n`.repeat(10));
    assert.match(notice!.text, /The output is cut here: it is limited to 1000 bytes/);
    assert.equal(result.outputsTruncated, true);
    assert.deepEqual(
      [result.usage.outputBytes, result.usage.droppedOutputBytes],
      [100_000, 99_000],
    );
    const next = await kernel.execute("print('next')\ndone");
    assert.deepEqual([next.outputsTruncated, next.usage.droppedOutputBytes], [false, 0]);
    assert.equal(next.result?.data["text/plain"], "True");
  });

  test("limits.executionSeconds interrupts what takes longer", async () => {
    await using fixture = await create({ limits: { executionSeconds: 0.05 } });
    const result = await fixture.kernel.execute("import time\ntime.sleep(60)", { timeout: 60_000 });
    assert.deepEqual([result.timedOut, result.error?.ename], [true, "KeyboardInterrupt"]);
    assert.match(result.kernel.reason!, /timeout: interrupted after 50 ms/);
  });

  test("timeout interrupts an execution that waits and says so", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    await kernel.execute("x = 1");
    const result = await kernel.execute("import asyncio\nawait asyncio.sleep(60)", { timeout: 50 });
    assert.equal(result.status, "error");
    assert.equal(result.error?.ename, "KeyboardInterrupt");
    assert.equal(result.timedOut, true);
    assert.equal(result.kernel.statePreserved, true);
    assert.match(result.kernel.reason!, /timeout: interrupted after 50 ms/);
    assert.equal((await kernel.execute("x")).result?.data["text/plain"], "1");
  });

  if (!preemptive) return;

  test("limits.cpuSeconds interrupts what takes more processor time", async () => {
    await using fixture = await createWithClock();
    const { kernel } = fixture;
    const slept = await kernel.execute("import time\ntime.sleep(0.9)\nkept = 1");
    assert.equal(slept.status, "ok", JSON.stringify([slept.error, slept.usage]));
    const result = await kernel.execute("while True: pass");
    assert.deepEqual([result.timedOut, result.error?.ename], [true, "KeyboardInterrupt"]);
    assert.equal(result.kernel.reason, "cpu limit: interrupted after 0.6 s of processor time");
    assert.equal((await kernel.execute("kept")).result?.data["text/plain"], "1");
  });

  test("timeout replaces a kernel that an interrupt does not stop", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    await kernel.execute("x = 1");
    const result = await kernel.execute(
      "while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt: pass",
      { timeout: 50 },
    );
    assert.equal(result.status, "aborted");
    assert.equal(result.timedOut, true);
    assert.equal(result.kernel.statePreserved, false);
    assert.equal(result.kernel.restarted, true);
    assert.match(result.kernel.reason!, /^timeout: still running/);
    assert.equal((await kernel.execute("x")).error?.ename, "NameError");
  });
}
