/**
 * Runs ipykernel's own tests against kernels of a server, and compares the failures with the recorded ones:
 *
 *     deno task ipykernel [NAME...]     such as message_spec; --details shows the tracebacks
 */

import { ServerProcess } from "../support/server_process.ts";
import { differences, FILES, recordedFailures, runFile } from "./suites.ts";

const recorded = await recordedFailures();
const names = Deno.args.filter((it) => !it.startsWith("--"));
const details = Deno.args.includes("--details");
let passed = 0, failed = 0, unexpected = 0;
{
  await using server = new ServerProcess(["--port", "0"], { LOG_LEVEL: "error" });
  const url = await server.url();
  for (const file of FILES) {
    if (names.length > 0 && !names.some((name) => file === `tests/test_${name}.py`)) continue;
    const outcomes = await runFile(file, url);
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
}
console.log(`${passed} passed, ${failed} failed; ${unexpected} of these are news`);
Deno.exit(unexpected > 0 ? 1 : 0);
