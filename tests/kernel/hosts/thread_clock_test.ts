import assert from "node:assert/strict";
import { ThreadClock } from "../../../kernel/hosts/thread_clock.ts";

const linux = Deno.build.os === "linux";
const BUSY = `data:text/javascript,${
  encodeURIComponent(
    "const end = performance.now() + 60; while (performance.now() < end); postMessage('done');",
  )
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
    assert(used === null || (used >= 20 && used < 2_000), `${used}`);
  },
});

Deno.test("ThreadClock knows nothing of a process that is not there", () => {
  assert.equal(ThreadClock.ofProcess(2 ** 22 + 1).start()(), null);
});
