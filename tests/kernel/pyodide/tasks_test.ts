import assert from "node:assert/strict";
import { createKernel } from "../../support/mod.ts";

Deno.test("a callback of a task prints into the output of the cell that has added it", async () => {
  await using fixture = await createKernel();
  const { kernel } = fixture;
  const shown: [string, string][] = [];
  using _ = kernel.events.on("stream", ({ executionId, text }) => {
    shown.push([executionId ?? "", text]);
  });
  await kernel.execute(
    "import asyncio\ngo = asyncio.Event()\ntask = asyncio.create_task(go.wait())",
    {
      id: "maker",
    },
  );
  await kernel.execute("task.add_done_callback(lambda task: print('done'))", { id: "adder" });
  await kernel.execute("go.set()\nawait task\nawait asyncio.sleep(0)", { id: "other" });
  assert.deepEqual(shown, [["adder", "done\n"]]);
  // Nobody can handle the exception of a forgotten task, which is told without waiting for the collector of garbage.
  shown.length = 0;
  await kernel.execute(
    "import gc\ngc.disable()\nasync def fails(): raise KeyError('lost')\nasyncio.ensure_future(fails());",
    { id: "failing" },
  );
  await kernel.execute("await asyncio.sleep(0)", { id: "other" });
  const [[cell, text] = ["", ""]] = shown;
  assert.deepEqual([cell, /KeyError.*: .*'lost'/.test(text)], ["failing", true], text);
});

Deno.test("an interrupt ends a cell whose tasks wait inside synchronous code", async () => {
  await using fixture = await createKernel();
  const { kernel } = fixture;
  const gathered = "await asyncio.gather(ask(), ask())";
  const grouped = "async with asyncio.TaskGroup() as group: group.create_task(ask())";
  await kernel.execute("import asyncio\nasync def ask(): return input()");
  for (const code of [gathered, grouped, "await asyncio.wait_for(ask(), None)", "await ask()"]) {
    const asked = Promise.withResolvers<void>();
    using _ = kernel.events.on("input_request", () => asked.resolve());
    const execution = kernel.execute(code, { allowStdin: true });
    await asked.promise;
    await kernel.interrupt();
    const { error } = await execution;
    assert.equal(error?.ename, "KeyboardInterrupt", code);
  }
  assert.equal((await kernel.execute("1 + 1")).result?.data["text/plain"], "2");
});
