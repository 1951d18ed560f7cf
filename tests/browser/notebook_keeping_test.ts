/// <reference lib="dom" />
import assert from "node:assert/strict";
import { type NotebookFixture, openNotebook, testInBrowser } from "../support/browser.ts";

/** Ends the page's process as a fault of the browser would, and opens the page again in a new tab. */
async function crash({ page }: NotebookFixture) {
  const context = page.context();
  const url = page.url();
  const session = await context.newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  void session.send("Page.crash").catch(() => {});
  await crashed;
  const next = await context.newPage();
  await next.goto(url);
  return next;
}

testInBrowser("the notebook keeps what was typed right before a reload", async () => {
  await using notebook = await openNotebook();
  const { page } = notebook;
  await notebook.write(0, "a = 1");
  await page.evaluate(() => {
    document.execCommand("insertText", false, " + 41");
    location.reload();
  });
  await notebook.cell(0).getByText("a = 1 + 41").waitFor();
});

testInBrowser(
  "the notebook keeps what was typed while a cell prints, also in a crash",
  async () => {
    await using notebook = await openNotebook();
    const { page } = notebook;
    await page.getByTestId("add-code").click();
    await notebook.write(
      0,
      "import time\nn = 0\nwhile True:\n    print(n, flush=True)\n    n += 1\n    time.sleep(0.005)",
    );
    await page.keyboard.press("Control+Enter");
    await notebook.output(0).getByText("50").first().waitFor();
    await notebook.write(1, "typed = 'while it prints'");
    // Longer than the text may take, and as long as the cell goes on printing.
    await page.waitForTimeout(300);
    const next = await crash(notebook);
    await next.getByTestId("cell-1").getByText("typed = 'while it prints'").waitFor();
    await next.locator('[data-testid="cell-0"][data-state="running"]').waitFor();
    // Everything from the first line on.
    await next.getByTestId("output-0").getByText(/^0\n1\n2\n/).waitFor();
    await next.getByTestId("interrupt").click();
    await next.locator('[data-testid="cell-0"][data-state="idle"]').waitFor();
  },
);

testInBrowser("the notebook finds a cell again that was run right before a reload", async () => {
  await using notebook = await openNotebook();
  const { page } = notebook;
  await notebook.run(0, "x = 1");
  // The server has the request, and the page is gone before it has the response.
  const reached = Promise.withResolvers<void>();
  await page.route("**/executions", async (route) => {
    await route.fetch();
    reached.resolve();
  }, { times: 1 });
  await notebook.write(0, "print('found', 'again')");
  await page.keyboard.press("Control+Enter");
  await reached.promise;
  await page.reload();
  await notebook.output(0).getByText("found again").waitFor();
  await notebook.state(0, "idle");
});

testInBrowser("the notebook removes the draft once everything is kept", async () => {
  await using notebook = await openNotebook();
  const { page } = notebook;
  await notebook.write(0, "a = 1");
  await page.locator("[data-testid=kept][data-state=kept]").waitFor();
  const drafts = await page.evaluate(() =>
    Object.keys(localStorage).filter((it) => it.startsWith("draft:"))
  );
  assert.deepEqual(drafts, []);
});

testInBrowser(
  "the notebook's kernel is found again after it was closed, and ended when idle",
  async () => {
    await using notebook = await openNotebook();
    const { page, server } = notebook;
    await notebook.run(0, "x = 'still here'");
    await page.getByTestId("title").fill("Alpha");
    await page.getByTestId("new").click();
    await page.getByTestId("tab-kernels").click();
    const rows = page.getByTestId("kernel-row");
    await rows.getByText("Alpha").waitFor();
    // A notebook without a run has no kernel.
    assert.equal(server.kernels.listKernels().length, 1);
    await notebook.screenshot("kernels");
    await rows.getByRole("button", { name: "Alpha", exact: true }).click();
    await rows.getByText("this notebook").waitFor();
    await notebook.run(0, "x");
    assert.match(await notebook.output(0).innerText(), /still here/);
    await page.getByTestId("new").click();
    await page.getByTestId("end-idle").click();
    await page.getByText("No kernel runs").waitFor();
    assert.equal(server.kernels.listKernels().length, 0);
  },
);
