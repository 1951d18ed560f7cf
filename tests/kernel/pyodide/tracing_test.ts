import assert from "node:assert/strict";
import { KernelMode } from "../../../kernel/mod.ts";
import { createKernel } from "../../support/mod.ts";

const SETUP = `
import asyncio, sys
monitoring = sys.monitoring
def fail(*args): raise ValueError("always")
def watch(*names):
    monitoring.use_tool_id(4, "a test")
    for name in names:
        monitoring.register_callback(4, getattr(monitoring.events, name), fail)
    monitoring.set_events(4, sum(getattr(monitoring.events, name) for name in names))
kept = 1`;

/** Cells after which a callback that always raises an exception watches the kernel's own code. */
const CELLS = [
  "watch('LINE')",
  "watch('PY_START')",
  "watch('CALL', 'PY_RETURN', 'RAISE', 'PY_UNWIND', 'INSTRUCTION')",
  "await asyncio.sleep(0)\nwatch('LINE')\nawait asyncio.sleep(0)",
  "asyncio.get_running_loop().call_soon(watch, 'LINE')\nawait asyncio.sleep(0.01)",
  "def fail(*args): raise MemoryError\nwatch('LINE')",
  "sys.settrace(fail)",
  "sys.setprofile(fail)",
  "await asyncio.sleep(0)\nsys.settrace(fail)",
];

Deno.test("a kernel outlasts callbacks of sys.monitoring and the like that always raise", async (t) => {
  await using fixture = await createKernel({ mode: KernelMode.WORKER });
  const { kernel } = fixture;
  assert.equal((await kernel.execute(SETUP)).status, "ok");
  for (const code of CELLS) {
    await t.step(code, async () => {
      await kernel.execute(code, { timeoutMs: 60_000 });
      const { result } = await kernel.execute("sys.settrace(None); kept");
      assert.equal(result?.data["text/plain"], "1");
      assert.equal((await kernel.execute("monitoring.get_tool(4)")).result, null);
    });
  }
});

Deno.test("a cell says why the callbacks are gone that have failed in the kernel's code", async () => {
  await using fixture = await createKernel({ mode: KernelMode.WORKER });
  const { error } = await fixture.kernel.execute(`${SETUP}\nwatch("LINE")`);
  assert.equal(error?.ename, "RuntimeError");
  assert.match(error.evalue, /sys\.monitoring raised ValueError .* removed/);
});
