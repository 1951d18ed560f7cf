import assert from "node:assert/strict";
import { type Kernel, KernelManager, KernelMode } from "../../kernel/mod.ts";
import { temporaryDirectory } from "../support/mod.ts";
import { realPackages } from "../support/real_packages/real_packages.ts";

const sources = await realPackages();

/** Executes a cell, and returns the kinds of its outputs in their order, and the text of its result. */
async function run(kernel: Kernel, code: string): Promise<{ kinds: string[]; text: unknown }> {
  const { error, outputs, result } = await kernel.execute(code);
  assert.equal(error, null, error?.traceback.join("\n"));
  const kinds = outputs.map((it) =>
    it.output_type === "stream"
      ? `${it.name}: ${it.text}`
      : "data" in it
      ? Object.keys(it.data).sort().join(" ")
      : it.output_type
  );
  return { kinds, text: result?.data["text/plain"] };
}

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS] as const) {
  Deno.test(`a ${mode} kernel computes with the real numpy and pandas, and draws with matplotlib`, async () => {
    await using cache = await temporaryDirectory();
    await using manager = new KernelManager({
      packages: { ...sources, cacheDir: cache.path },
    });
    const kernel = manager.getKernel(await manager.createKernel({ mode }));
    const numbers = await run(
      kernel,
      "import numpy as np\nnp.arange(6).reshape(2, 3) @ np.ones(3)",
    );
    assert.deepEqual(numbers, { kinds: ["text/plain"], text: "array([ 3., 12.])" });
    const frame = await run(
      kernel,
      "import pandas as pd\n" +
        "df = pd.DataFrame({'day': pd.date_range('2026-01-01', periods=3, tz='Europe/Berlin'), 'n': [1, 2, 3]})\n" +
        "df.describe().loc['mean', 'n'], df",
    );
    assert.match(String(frame.text), / 2 2026-01-03 00:00:00\+01:00 {2}3\)$/);
    // The cell names neither matplotlib nor openpyxl: pandas imports them when they are used.
    const plot = await run(kernel, "df.plot(x='day', y='n')\nprint('drawn')");
    assert.deepEqual(plot.kinds, ["stdout: drawn\n", "image/png text/plain"]);
    const excel = await run(
      kernel,
      "df.assign(day=df.day.dt.tz_localize(None)).to_excel('days.xlsx', index=False)\n" +
        "pd.read_excel('days.xlsx').n.sum()",
    );
    assert.equal(excel.text, "np.int64(6)");
    const styled = await run(kernel, "df[['n']].style.highlight_max()");
    assert.deepEqual(styled.kinds, ["text/html text/plain"]);
  });
}
