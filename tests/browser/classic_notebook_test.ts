import assert from "node:assert/strict";
import { DEADLINE_MS, launchBrowser } from "../support/browser.ts";
import { debianWheel, serveDistribution } from "../support/distribution.ts";
import { startJupyterServer } from "../support/jupyter_server.ts";
import { temporaryDirectory } from "../support/mod.ts";
import { ServerProcess } from "../support/server_process.ts";

const CELLS = [
  "print('hello')\n6 * 7",
  "print('hello,', input('who? '))",
  "from ipywidgets import interact\ninteract(lambda n: print('n is', n), n=10)",
  "print('begun')\nwhile True: pass",
];

function notebook(): string {
  const cells = CELLS.map((source) => ({
    ...{ cell_type: "code", source, metadata: {}, outputs: [], execution_count: null },
  }));
  const metadata = { kernelspec: { name: "python", display_name: "Python" } };
  return JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 4 });
}

Deno.test("Jupyter's classic Notebook runs cells, asks, shows a slider and interrupts, through its gateway", async () => {
  await using distribution = await serveDistribution([
    await debianWheel("traitlets", "5.5.0", ["traitlets"]),
    await debianWheel("ipython-genutils", "0.2.0", ["ipython_genutils"]),
    await debianWheel("ipywidgets", "6.0.0", ["ipywidgets"], ["traitlets", "ipython-genutils"]),
  ]);
  await using server = new ServerProcess(["--port", "0"], {
    LOG_LEVEL: "error",
    PYODIDE_PACKAGE_BASE_URL: distribution.url,
  });
  await using directory = await temporaryDirectory({ "a.ipynb": notebook() });
  await using front = await startJupyterServer("notebook", directory.path, await server.url());
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  const problems: unknown[] = [];
  page.on("pageerror", (error) => problems.push(error));
  await page.goto(`${front.url}/notebooks/a.ipynb?token=${front.token}`);
  await page.locator("#kernel_indicator_icon.kernel_idle_icon").waitFor();
  const cell = (index: number) => page.locator(".code_cell").nth(index);
  const runNext = page.locator("#run_int button").first();

  await runNext.click();
  await cell(0).locator(".output_stdout", { hasText: "hello" }).waitFor();
  await cell(0).locator(".output_result", { hasText: "42" }).waitFor();

  await runNext.click();
  await cell(1).locator("input.raw_input").fill("Ada");
  await page.keyboard.press("Enter");
  await cell(1).locator(".output_stdout", { hasText: "hello, Ada" }).waitFor();

  await runNext.click();
  await cell(2).getByText("n is 10").waitFor();
  await cell(2).locator(".ui-slider-handle").focus();
  await page.keyboard.press("ArrowRight");
  await cell(2).getByText("n is 11").waitFor();

  await runNext.click();
  await cell(3).locator(".output_stdout", { hasText: "begun" }).waitFor();
  await page.locator("#run_int button").nth(1).click();
  await cell(3).locator(".output_error", { hasText: "KeyboardInterrupt" }).waitFor();
  await page.locator("#kernel_indicator_icon.kernel_idle_icon").waitFor();
  assert.deepEqual(problems, []);
  // In order: it may be compiling a package, in a temporary directory.
  assert.equal((await server.end("SIGTERM")).code, 0);
});
