import assert from "node:assert/strict";
import { fakeManager } from "../../support/fake_host.ts";

Deno.test("runExecution() gives the interpreter its time to stop when this thread was held up meanwhile", async () => {
  await using fixture = fakeManager((host) => {
    const interrupt = host.interrupt.bind(host);
    const stop = async () => {
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve));
      await interrupt();
    };
    host.interrupt = () => {
      const until = performance.now() + 1_100; // Longer than an interpreter has.
      while (performance.now() < until);
      void stop();
      return Promise.resolve(true);
    };
  });
  const id = await fixture.manager.createKernel();
  const result = await fixture.manager.getKernel(id).execute("wait", { timeout: 1 });
  assert.deepEqual([result.timedOut, result.error?.ename], [true, "KeyboardInterrupt"]);
  assert.equal(fixture.made.length, 1, "the kernel was replaced");
});

Deno.test("runExecution() replaces an interpreter that does not stop", async () => {
  await using fixture = fakeManager((host) => host.obedient = false);
  const id = await fixture.manager.createKernel();
  const result = await fixture.manager.getKernel(id).execute("wait", { timeout: 1 });
  assert.deepEqual([result.timedOut, result.error?.ename], [true, "KernelDied"]);
  assert.match(result.kernel.reason!, /^timeout: still running 1000 ms after it was interrupted/);
  assert.equal(fixture.made.length, 2);
});
