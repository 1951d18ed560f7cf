import assert from "node:assert/strict";
import { KernelManager } from "../../../kernel/mod.ts";
import { differences, recordedFailures, runModule, SUITE } from "./suite.ts";

/** Modules of many tests that take a minute together; `suite.ts` runs any others. */
const SAMPLE = [
  "test_asyncio.test_locks",
  "test_asyncio.test_queues",
  "test_contextlib",
  "test_dataclasses",
  "test_functools",
  "test_json",
  "test_textwrap",
];

const isInstalled = await Deno.stat(SUITE).then(() => true, () => false);

for (const module of SAMPLE) {
  Deno.test({
    name: `a kernel passes ${module} of CPython's own suite but for the recorded failures`,
    ignore: !isInstalled,
    async fn() {
      await using manager = new KernelManager();
      const outcome = await runModule(manager, module);
      assert.ok(outcome.passed.length > 10, `${outcome.passed.length} passed`);
      assert.deepEqual(outcome.killers, [], "a test has ended its kernel");
      const { news, mended } = differences(module, outcome, await recordedFailures());
      const details = news.map((name) => `${name}\n${outcome.failed.get(name) ?? "stalled"}`);
      assert.deepEqual(news, [], details.join("\n"));
      assert.deepEqual(mended, [], "these pass now: take them off the record");
    },
  });
}

Deno.test("every recorded failure of CPython's suite has a reason", async () => {
  for (const [name, reason] of await recordedFailures()) assert.ok(reason.length > 20, name);
});
