/**
 * Runs the files of cells in kernels of this project, and compares the outputs with those of native kernels:
 *
 *     deno task cells [FILE...]                   such as numpy
 *     deno task cells --record PYTHON [FILE...]   records the outputs of native kernels first
 *
 * PYTHON is the python of an environment with the packages of requirements.txt.
 */

import { fileURLToPath } from "node:url";
import {
  cellFiles,
  cellPath,
  compare,
  DIFFERENCES,
  type Differences,
  NATIVE,
  readCells,
  type Recording,
  runCells,
} from "./cells.ts";
import { type Output, shownOutputs } from "./outputs.ts";
import { testCacheDir } from "../support/test_cache.ts";

async function readJson<T>(url: URL): Promise<T> {
  return JSON.parse(await Deno.readTextFile(url));
}

async function record(python: string, files: string[]): Promise<void> {
  const recording: Recording = await readJson<Recording>(NATIVE).catch(() => ({}));
  const program = fileURLToPath(new URL("./run_native.py", import.meta.url));
  for (const file of files) {
    const { stdout, success } = await new Deno.Command(python, {
      args: [program, cellPath(file)],
      stderr: "inherit",
    }).output();
    if (!success) throw new Error(`${python} failed`);
    const outputs: Output[][] = JSON.parse(new TextDecoder().decode(stdout));
    const cells = await readCells(file);
    recording[file] = cells.map((code, index) => ({
      code,
      outputs: shownOutputs(outputs[index]!),
    }));
  }
  await Deno.writeTextFile(NATIVE, `${JSON.stringify(recording, null, 1)}\n`);
}

const args = [...Deno.args];
const python = args[0] === "--record" ? args.splice(0, 2)[1] : undefined;
const files = args.length > 0 ? args : await cellFiles();
if (python) await record(python, files);
const recording = await readJson<Recording>(NATIVE);
const known = await readJson<Differences>(DIFFERENCES);
let failed = 0, passed = 0;
for (const file of files) {
  const found = await runCells(file, `${testCacheDir()}/packages`);
  const problems = await compare(file, recording[file] ?? [], found, known);
  problems.forEach((problem) => console.log(problem));
  failed += problems.length;
  passed += found.length - problems.length;
}
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(failed > 0 ? 1 : 0);
