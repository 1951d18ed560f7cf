import assert from "node:assert/strict";
import { compareFailures, readKnownFailures, readSuites, runSuite } from "./suites.ts";

Deno.test("runSuite() runs a package's own tests in a kernel, and their failures are known", async () => {
  const { dateutil } = await readSuites();
  const tests = ["easter", "parser", "relativedelta"].map((it) => `dateutil_tests/test_${it}.py`);
  const outcomes = await runSuite({ ...dateutil!, tests });
  assert(outcomes.passed > 400, `${outcomes.passed} passed`);
  const known = Object.entries((await readKnownFailures())["dateutil"]!)
    .filter(([test]) => tests.some((it) => test.startsWith(it)));
  assert.deepEqual(compareFailures(outcomes, Object.fromEntries(known)), []);
});
