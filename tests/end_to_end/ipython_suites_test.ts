import assert from "node:assert/strict";
import { FILES, recordedFailures, runFile } from "../ipython_suites/suites.ts";
import { differences } from "../support/recorded_suite.ts";

// `deno task ipython` runs all files.
for (
  const [name, least] of [["async_helpers", 90], ["interactiveshell", 50], ["magic", 60]] as const
) {
  const file = `IPython/core/tests/test_${name}.py`;
  Deno.test(`the kernel's shell passes ${file} of IPython but for the recorded failures`, async () => {
    const outcomes = await runFile(file);
    assert.ok(outcomes.passed.length >= least, `${outcomes.passed.length} tests passed`);
    const { news, mended } = differences(file, outcomes, await recordedFailures());
    assert.equal(news.map((it) => `${it}\n${outcomes.failed[it] ?? ""}`).join("\n\n"), "");
    assert.deepEqual(mended, [], "these pass now: take them off the record");
  });
}

Deno.test("every recorded failure of IPython's tests has a reason, and belongs to a file that runs", async () => {
  for (const [name, reason] of await recordedFailures()) {
    assert.ok(reason.length > 20, name);
    assert.ok(FILES.includes(name.split("::")[0]!), name);
  }
});
