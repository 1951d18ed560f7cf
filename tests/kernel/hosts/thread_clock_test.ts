import assert from "node:assert/strict";
import { ThreadClock } from "../../../kernel/hosts/thread_clock.ts";

const linux = Deno.build.os === "linux";
/** So much work, whatever else the machine does: a time could pass without any. */
const BUSY = `data:text/javascript,${
  encodeURIComponent("let x = 0; for (let i = 0; i < 2e8; i++) x += i % 7; postMessage(x);")
}`;

Deno.test({
  name: "ThreadClock measures the thread of a new worker, and no other's",
  ignore: !linux,
  async fn() {
    const { worker, clock } = ThreadClock.ofNewWorker(() => new Worker(BUSY, { type: "module" }));
    const cpuMs = clock.start();
    const { promise: done, resolve } = Promise.withResolvers<unknown>();
    worker.onmessage = resolve;
    await done;
    const used = cpuMs();
    worker.terminate();
    // Another file's test may have started a worker in the same moment: then nobody knows.
    assert(used === null || (used >= 20 && used < 20_000), `${used}`);
  },
});

Deno.test("ThreadClock knows nothing of a process that is not there", () => {
  assert.equal(ThreadClock.ofProcess(2 ** 22 + 1).start()(), null);
});
