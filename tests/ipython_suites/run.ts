/**
 * Runs IPython's own tests inside kernels, against the shell of the kernels, and compares the failures with
 * the recorded ones:
 *
 *     deno task ipython [NAME...]     such as interactiveshell; --details shows the tracebacks
 */

import { differences, FILES, recordedFailures, runFile } from "./suites.ts";

const recorded = await recordedFailures();
const names = Deno.args.filter((it) => !it.startsWith("--"));
const details = Deno.args.includes("--details");
let passed = 0, failed = 0, unexpected = 0;
for (const file of FILES) {
  if (names.length > 0 && !names.some((name) => file.endsWith(`/test_${name}.py`))) continue;
  const outcomes = await runFile(file);
  const { news, mended } = differences(file, outcomes, recorded);
  const bad = Object.keys(outcomes.failed);
  console.log(`${file}: ${outcomes.passed.length} passed, ${bad.length} failed`);
  for (const name of details ? bad : []) console.log(`${name}\n${outcomes.failed[name]}\n`);
  for (const name of news) console.log(`  fails, and is not recorded: ${name}`);
  for (const name of mended) console.log(`  fails no more: take it off the record: ${name}`);
  passed += outcomes.passed.length;
  failed += bad.length;
  unexpected += news.length + mended.length;
}
console.log(`${passed} passed, ${failed} failed; ${unexpected} of these are news`);
Deno.exit(unexpected > 0 ? 1 : 0);
