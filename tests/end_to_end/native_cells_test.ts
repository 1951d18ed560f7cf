import assert from "node:assert/strict";
import {
  compare,
  DIFFERENCES,
  type Differences,
  NATIVE,
  type Recording,
  runCells,
} from "../native_cells/cells.ts";
import { testCacheDir } from "../support/test_cache.ts";

const recording: Recording = JSON.parse(await Deno.readTextFile(NATIVE));
const known: Differences = JSON.parse(await Deno.readTextFile(DIFFERENCES));

// `deno task cells` compares the others, too.
for (const file of ["numpy", "sympy", "matplotlib"]) {
  Deno.test(`cells with ${file} have the outputs that they have in a native kernel`, async () => {
    // In the cache of the tests, the packages are compiled from the second run on.
    const found = await runCells(file, `${testCacheDir()}/packages`);
    assert.equal((await compare(file, recording[file]!, found, known)).join("\n"), "");
  });
}
