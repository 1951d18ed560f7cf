/**
 * Runs ipykernel's own tests against kernels of a server, and compares the failures with the recorded ones:
 *
 *     deno task ipykernel [NAME...]     such as message_spec; --details shows the tracebacks
 */

import { runRecorded } from "../support/recorded_suite.ts";
import { ServerProcess } from "../support/server_process.ts";
import { FILES, recordedFailures, runFile } from "./suites.ts";

const recorded = await recordedFailures();
let code: number;
{
  await using server = new ServerProcess(["--port", "0"], { LOG_LEVEL: "error" });
  const url = await server.url();
  code = await runRecorded({ files: FILES, runFile: (file) => runFile(file, url), recorded });
}
Deno.exit(code);
