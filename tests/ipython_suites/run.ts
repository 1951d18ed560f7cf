/**
 * Runs IPython's own tests inside kernels, against the shell of the kernels, and compares the failures with
 * the recorded ones:
 *
 *     deno task ipython [NAME...]     such as interactiveshell; --details shows the tracebacks
 */

import { runRecorded } from "../support/recorded_suite.ts";
import { FILES, recordedFailures, runFile } from "./suites.ts";

const recorded = await recordedFailures();
Deno.exit(await runRecorded({ files: FILES, runFile, recorded }));
