import assert from "node:assert/strict";
import { nextEvent } from "../mod.ts";
import { type HostPromises, hostTests } from "./promises.ts";

/** Tests the outputs of cells. */
export function testOutput(promises: HostPromises): void {
  const { preemptive } = promises;
  const { create, test } = hostTests(promises);

  test("stream events carry every character of 200,000 prints, in few events", async () => {
    await using fixture = await create();
    let events = 0;
    let text = "";
    using _listening = fixture.manager.onKernelEvent(fixture.id, "stream", (event) => {
      events++;
      text += event.text;
    });
    const result = await fixture.kernel.execute("for i in range(200_000): print('é', i)");
    assert.equal(result.status, "ok");
    const lines = text.split("\n");
    assert.equal(lines.length, 200_001);
    assert.equal(lines[0], "é 0");
    assert.equal(lines[123_456], "é 123456");
    assert.equal(lines[199_999], "é 199999");
    assert.ok(events < 20_000, `${events} events`);
  });

  test("stream events keep one line of ten million characters whole", async () => {
    await using fixture = await create();
    let length = 0;
    using _listening = fixture.manager.onKernelEvent(fixture.id, "stream", (event) => {
      length += event.text.length;
    });
    const result = await fixture.kernel.execute("print('€' * 10_000_000)");
    assert.equal(length, 10_000_001);
    assert.equal(result.outputsTruncated, true);
  });

  test("stream events show what was written without a newline, and odd bytes", async () => {
    await using fixture = await create();
    const { outputs } = await fixture.kernel.execute(
      "import os\nprint('no newline', end='', flush=True)\nos.write(1, b'\\xff')\nprint('\\ud800');",
    );
    assert.deepEqual(outputs, [
      { output_type: "stream", name: "stdout", text: "no newline\ufffd\\ud800\n" },
    ]);
  });

  test("output belongs to the cell whose code made it, also while a later cell runs and after it", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const shown: [string | undefined, string][] = [];
    using _listening = manager.onKernelEvent(id, "*", (event) => {
      if (event.type === "stream") {
        // Prints of one cell in a row may come together.
        for (const line of event.text.trim().split("\n")) shown.push([event.executionId, line]);
      }
      if (event.type === "display_data") shown.push([event.executionId, "display"]);
    });
    await kernel.execute(
      `import asyncio, time
go, over = asyncio.Event(), asyncio.Event()
async def tick():
    await go.wait()
    print("task")
    display("x")
    asyncio.get_running_loop().call_later(0.01, timer)
    await over.wait()
    print("between cells")
waited = False
def timer():
    global waited
    print("timer")
    time.sleep(0.01)
    print("after a wait")
    waited = True
task = asyncio.create_task(tick())
print("cell")`,
      { id: "maker" },
    );
    const ended = nextEvent(kernel, "stream", ({ text }) => text === "between cells\n");
    await kernel.execute(
      "go.set()\nprint('before')\nwhile not waited: time.sleep(0.01)\nprint('after')",
      {
        id: "sync",
      },
    );
    await kernel.execute("print('quick')\nover.set()", { id: "quick" });
    await ended;
    assert.deepEqual(shown, [
      ["maker", "cell"],
      ["sync", "before"],
      ["maker", "task"],
      ["maker", "display"],
      ["maker", "timer"],
      ["maker", "after a wait"],
      ["sync", "after"],
      ["quick", "quick"],
      ["maker", "between cells"],
    ]);
  });

  test("limits.outputBytes holds for a cell and its tasks together, and leaves other cells theirs", async () => {
    await using fixture = await create({ limits: { outputBytes: 20_000 } });
    const { kernel, manager, id } = fixture;
    const lengths: Record<string, number> = {};
    using _listening = manager.onKernelEvent(id, "stream", ({ executionId = "", text }) => {
      lengths[executionId] = (lengths[executionId] ?? 0) + text.length;
    });
    await kernel.execute(
      `import asyncio
async def flood():
    while True:
        print("x" * 999)
        await asyncio.sleep(0)
task = asyncio.create_task(flood())`,
      { id: "flood" },
    );
    const cell = "for i in range(10):\n    print('y' * 999)\n    await asyncio.sleep(0.02)";
    const { outputs, usage } = await kernel.execute(cell, { id: "cell" });
    await kernel.execute("task.cancel()");
    assert.deepEqual(outputs, [
      { output_type: "stream", name: "stdout", text: `${"y".repeat(999)}\n`.repeat(10) },
    ]);
    assert.equal(usage.droppedOutputBytes, 0);
    const { flood = 0, ...others } = lengths;
    assert.deepEqual(others, { cell: 10_000 });
    assert.ok(flood > 15_000 && flood < 20_200, `${flood}`);
  });

  test("stream events show what is written to a descriptor while it stands for a stream", async () => {
    await using fixture = await create();
    const { outputs, result, error } = await fixture.kernel.execute(`
import os, tempfile
os.writev(1, [b"in ", b"", b"pieces\\n"])
with open("/dev/stdout", "w") as again: print("by its name", file=again)
kept = os.dup(1)
os.write(kept, b"by a copy\\n")
with tempfile.TemporaryFile() as file:
    os.dup2(file.fileno(), 1)
    print("into a file")
    os.dup2(kept, 1)
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    print("from the file:", file.read())
os.close(kept)
readable = os.open("/dev/stdout", os.O_RDONLY)
try: os.write(readable, b"not to be seen")
except OSError as error: print(error.strerror)
finally: os.close(readable)
os.write(2, b"and stderr\\n"), os.write(1, b"")`);
    assert.equal(error, null);
    assert.equal(result?.data["text/plain"], "(11, 0)");
    assert.deepEqual(outputs.slice(0, -1), [
      {
        output_type: "stream",
        name: "stdout",
        text:
          "in pieces\nby its name\nby a copy\nfrom the file: b'into a file\\n'\nBad file descriptor\n",
      },
      { output_type: "stream", name: "stderr", text: "and stderr\n" },
    ]);
  });

  test("display updates and cleared outputs show in the result's outputs", async () => {
    await using fixture = await create();
    const { outputs } = await fixture.kernel.execute(`
from IPython.display import display, clear_output
print("gone")
clear_output()
handle = display("first", display_id=True)
handle.update("second")`);
    assert.equal(outputs.length, 1);
    const [output] = outputs;
    assert.ok(output?.output_type === "display_data");
    assert.equal(output.data["text/plain"], "'second'");
  });

  test("figures, HTML and errors in a repr are shown without ending the cell", async () => {
    await using fixture = await create();
    const { outputs, result } = await fixture.kernel.execute(`
class Rich:
    def __repr__(self): return "plain"
    def _repr_html_(self): return "<b>rich</b>"
    def _repr_png_(self): raise ValueError("no picture")
Rich()`);
    assert.deepEqual(result?.data, { "text/plain": "plain", "text/html": "<b>rich</b>" });
    assert.ok(outputs.some((it) => it.output_type === "stream" && /no picture/.test(it.text)));
  });

  if (!preemptive) return;

  test("output of a cell that computes is seen at once", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const seen = nextEvent(kernel, "stream", ({ text }) => text.endsWith("last line\n"));
    const running = kernel.execute(
      "for i in range(3): print(i)\nprint('last line')\nwhile True: pass",
    );
    await seen;
    assert.equal(await manager.interruptKernel(id), true);
    assert.equal((await running).error?.ename, "KeyboardInterrupt");
  });
}
