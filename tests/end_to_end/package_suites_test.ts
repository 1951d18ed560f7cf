import assert from "node:assert/strict";
import {
  compareFailures,
  readKnownFailures,
  readSuites,
  runSuite,
} from "../package_suites/suites.ts";

const suites = await readSuites();
const known = await readKnownFailures();

// `deno task suites` runs all of them.
for (const [name, count] of [["numpy", 2], ["networkx", 3]] as const) {
  Deno.test(`a sample of the own tests of ${name} passes in a kernel`, async () => {
    const { tests, ...suite } = suites[name]!;
    const outcomes = await runSuite({ ...suite, tests: tests.slice(0, count) });
    assert.equal(compareFailures(outcomes, known[name]).join("\n"), "");
    assert(outcomes.passed > 100, `only ${outcomes.passed} tests ran`);
  });
}
