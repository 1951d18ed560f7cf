/**
 * Measures the notebook page in a real browser that has never seen it: the time from opening the page until a
 * key that was typed stands in the first cell, and until a cell's result is shown.
 */
import { launchBrowser } from "../tests/support/browser.ts";
import { ServerProcess } from "../tests/support/server_process.ts";
import { type Figure, figure, keepResults, printTable } from "./measure.ts";

const RUNS = 10;

const server = new ServerProcess(["--port=0", "--log-level=warning"]);
try {
  const url = await server.url();
  await using browser = await launchBrowser();
  const typed: number[] = [];
  const shown: number[] = [];
  for (let run = -1; run < RUNS; run++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(url, { waitUntil: "commit" });
    const editor = page.locator(".cm-content");
    await editor.waitFor();
    await page.keyboard.type("6 * 7");
    await editor.getByText("6 * 7").waitFor();
    const typedMs = performance.now() - start;
    await page.keyboard.press("Control+Enter");
    await page.getByTestId("output-0").getByText("42").waitFor();
    const shownMs = performance.now() - start;
    if (run >= 0) typed.push(typedMs), shown.push(shownMs);
    await context.close();
  }
  const figures: Figure[] = [
    figure("a cold page, until the first cell has what was typed", "ms", typed),
    figure("a cold page, until the first result is shown", "ms", shown),
  ];
  printTable(figures);
  await keepResults("page", { figures });
} finally {
  await server.end("SIGTERM");
}
Deno.exit(0);
