/**
 * Runs the packages' own tests inside kernels, and compares the failures with the recorded ones:
 *
 *     deno task suites [NAME...]     such as numpy
 */

import { compareFailures, readKnownFailures, readSuites, runSuite } from "./suites.ts";

const suites = await readSuites();
const known = await readKnownFailures();
let passed = 0, failed = 0, skipped = 0;
for (const name of Deno.args.length > 0 ? Deno.args : Object.keys(suites)) {
  const outcomes = await runSuite(suites[name]!);
  const problems = compareFailures(outcomes, known[name]);
  problems.forEach((problem) => console.log(problem));
  const bad = Object.keys(outcomes.failed).length;
  console.log(
    `${name}: ${outcomes.passed} passed, ${bad} failed, ${outcomes.skipped} skipped; ` +
      `${problems.length} of these are news`,
  );
  passed += outcomes.passed;
  skipped += outcomes.skipped;
  failed += problems.length;
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
Deno.exit(failed > 0 ? 1 : 0);
