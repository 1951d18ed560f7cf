import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createKernel } from "../../support/mod.ts";

Deno.test("deno_kernel passes its own tests inside Pyodide", async () => {
  await using fixture = await createKernel({
    mounts: [{
      root: fileURLToPath(new URL("../../../pypi/deno_kernel", import.meta.url)),
      mountPoint: "/package",
      access: "ro",
    }],
  });
  const { result, outputs } = await fixture.kernel.execute(`
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, "/package")
from tests.__main__ import run
outcome = run()
outcome.testsRun, len(outcome.failures), len(outcome.errors)`);
  const shown = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
  const [, ran, failures, errors] = /\((\d+), (\d+), (\d+)\)/.exec(
    String(result?.data["text/plain"]),
  )?.map(Number) ?? [];
  assert.deepEqual([failures, errors], [0, 0], shown);
  assert.ok(ran! > 100, shown);
});
