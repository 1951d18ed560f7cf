import assert from "node:assert/strict";
import {
  compare,
  DIFFERENCES,
  type Differences,
  NATIVE,
  type Recording,
  runCells,
} from "../native_cells/cells.ts";
import { temporaryDirectory } from "../support/mod.ts";

const recording: Recording = JSON.parse(await Deno.readTextFile(NATIVE));
const known: Differences = JSON.parse(await Deno.readTextFile(DIFFERENCES));

// `deno task cells` compares the others, too.
for (const file of ["numpy", "sympy", "matplotlib"]) {
  Deno.test(`cells with ${file} have the outputs that they have in a native kernel`, async () => {
    await using cache = await temporaryDirectory();
    const found = await runCells(file, cache.path);
    assert.equal((await compare(file, recording[file]!, found, known)).join("\n"), "");
  });
}
