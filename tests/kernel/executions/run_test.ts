import assert from "node:assert/strict";
import { FakeClock } from "../../support/fake_clock.ts";
import { fakeManager } from "../../support/fake_host.ts";

Deno.test("runExecution() gives the interpreter its time to stop when this thread was held up meanwhile", async () => {
  const clock = new FakeClock();
  await using fixture = fakeManager(() => {}, { clock });
  const id = await fixture.manager.createKernel();
  const [host] = fixture.made;
  const interrupt = host!.interrupt.bind(host);
  const interrupted = Promise.withResolvers<void>();
  host!.interrupt = () => (interrupted.resolve(), Promise.resolve("delivered"));
  const running = fixture.manager.getKernel(id).execute("wait", { timeoutMs: 1 });
  await clock.pass(1);
  await interrupted.promise;
  // A thread that was held up sees one part of the grace period pass, however long that took.
  await clock.pass(100);
  await interrupt();
  const result = await running;
  assert.deepEqual([result.timedOut, result.error?.ename], [true, "KeyboardInterrupt"]);
  assert.equal(fixture.made.length, 1, "the kernel was replaced");
});

Deno.test("runExecution() replaces an interpreter that does not stop, after its grace period", async () => {
  const clock = new FakeClock();
  await using fixture = fakeManager((host) => host.obedient = false, { clock });
  const id = await fixture.manager.createKernel();
  const running = fixture.manager.getKernel(id).execute("wait", { timeoutMs: 1 });
  await clock.pass(1);
  for (let part = 0; part < 9; part++) await clock.pass(100);
  assert.equal(fixture.made.length, 1, "it was replaced too early");
  await clock.pass(100);
  const result = await running;
  assert.deepEqual([result.timedOut, result.error?.ename], [true, "KernelDied"]);
  assert.match(result.kernel.reason!, /^timeout: still running 1000 ms after it was interrupted/);
  assert.equal(fixture.made.length, 2);
});

Deno.test("runExecution() tells why the interpreter died, also when another one starts before the old one has ended", async () => {
  const ending = Promise.withResolvers<void>();
  await using fixture = fakeManager((host) => host.ending = ending.promise);
  const id = await fixture.manager.createKernel();
  const kernel = fixture.manager.getKernel(id);
  const { promise: busy, resolve } = Promise.withResolvers<void>();
  using _ = kernel.events.on("status", ({ status }) => status === "busy" && resolve());
  const running = kernel.execute("wait");
  await busy;
  const restarted = Promise.withResolvers<void>();
  using __ = kernel.events.on("status", ({ status }) => {
    if (status === "dead") void kernel.restart().then(restarted.resolve, restarted.reject);
  });
  fixture.made[0]!.die("it has run out of memory");
  ending.resolve();
  const { error, kernel: outcome } = await running;
  await restarted.promise;
  assert.match(error!.evalue, /it has run out of memory/);
  assert.equal(outcome.reason, "it has run out of memory");
});
