import assert from "node:assert/strict";
import { KernelMode } from "../../../kernel/mod.ts";
import { createKernel } from "../../support/mod.ts";

const SETUP = `
import asyncio, logging, math, time, traceback
logging.basicConfig(format="%(message)s", force=True)`;

/** Cells that print a stack by themselves. */
const CELLS: Readonly<Record<string, string>> = {
  "an exception in a wait": "try: time.sleep(math.nan)\nexcept ValueError: traceback.print_exc()",
  "the text of an exception":
    "try: input(prompt=1, more=2)\nexcept TypeError: print(traceback.format_exc())",
  "an exception in a log":
    "try: time.sleep(math.nan)\nexcept ValueError: logging.exception('wrong')",
  "the present stack": "traceback.print_stack()",
  "the present stack in a log": "logging.warning('here', stack_info=True)",
  "the stack of a task": `async def wait(): await asyncio.sleep(60)
task = asyncio.create_task(wait())
await asyncio.sleep(0)
task.print_stack()
task.cancel()`,
  "an exception of a task":
    `async def fail(): return await asyncio.wait_for(asyncio.sleep(60), 0.01)
try: await asyncio.create_task(fail())
except TimeoutError: traceback.print_exc()`,
};

Deno.test("what a cell prints of a stack has no frames of the kernel", async (t) => {
  await using fixture = await createKernel({ mode: KernelMode.WORKER });
  const { kernel } = fixture;
  assert.equal((await kernel.execute(SETUP)).status, "ok");
  for (const [name, code] of Object.entries(CELLS)) {
    await t.step(name, async () => {
      const { outputs, error } = await kernel.execute(code, { timeoutMs: 60_000 });
      assert.equal(error, null);
      const text = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
      assert.match(text, /File "|Stack for/);
      assert.match(text, /line \d+, in (<module>|wait|fail)/);
      assert.doesNotMatch(text, /deno_kernel|\/_pyodide\/|webloop/);
    });
  }
});
