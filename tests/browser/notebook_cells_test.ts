/// <reference lib="dom" />
import assert from "node:assert/strict";
import { type NotebookFixture, testNotebook as test } from "../support/browser.ts";

/** Writes cells one below the other, and selects the first. */
async function writeCells({ page, write, cell }: NotebookFixture, ...sources: string[]) {
  for (const [index, source] of sources.entries()) {
    if (index > 0) await page.getByTestId("add-code").click();
    await write(index, source);
  }
  await page.keyboard.press("Escape");
  await cell(0).locator(".prompt > span").click();
}

function sources({ page }: NotebookFixture): Promise<string[]> {
  return page.locator(".cm-content").evaluateAll((all) =>
    all.map((it) => (it as HTMLElement).innerText)
  );
}

test("selects several cells, and runs, moves, copies and deletes them", async (notebook) => {
  const { page, cell, output } = notebook;
  await writeCells(notebook, "print('a')", "print('b')", "print('c')");
  await page.keyboard.press("Shift+ArrowDown");
  assert.equal(await page.locator(".cell.chosen").count(), 2);
  await page.keyboard.press("Control+Enter");
  await output(1).getByText("b", { exact: true }).waitFor();
  assert.equal(await output(2).innerText(), "");
  await page.keyboard.press("Alt+ArrowDown");
  assert.deepEqual(await sources(notebook), ["print('c')", "print('a')", "print('b')"]);
  await page.keyboard.press("c");
  await page.keyboard.press("v");
  assert.equal((await sources(notebook)).length, 5);
  await cell(0).locator(".prompt > span").click();
  await cell(2).locator(".prompt > span").click({ modifiers: ["Shift"] });
  await page.keyboard.press("m");
  assert.equal(await page.locator(".cell.markdown").count(), 3);
  await page.keyboard.press("d");
  await page.keyboard.press("d");
  assert.deepEqual(await sources(notebook), ["print('a')", "print('b')"]);
  await page.keyboard.press("z");
  await page.keyboard.press("z");
  assert.equal(await page.locator(".cell.code").count(), 5);
  // The copies are there for other notebooks too.
  await page.getByTestId("new").click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("v");
  await page.getByTestId("cell-2").getByText("print('b')").waitFor();
});

test("moves a cell that is dragged, and inserts one between two", async (notebook) => {
  const { page, cell } = notebook;
  await writeCells(notebook, "one", "two", "three");
  await cell(2).locator(".prompt").dragTo(cell(0), { targetPosition: { x: 200, y: 3 } });
  assert.deepEqual(await sources(notebook), ["three", "one", "two"]);
  await cell(0).hover();
  await page.getByTestId("insert-code").first().click();
  await page.keyboard.insertText("between");
  assert.deepEqual(await sources(notebook), ["three", "between", "one", "two"]);
  await notebook.screenshot("cells");
});

test("runs the cells above and below, and finds a command by its name", async (notebook) => {
  const { page, cell, output } = notebook;
  await writeCells(notebook, "print('a')", "print('b')", "print('c')");
  await cell(1).locator(".prompt > span").click();
  await page.getByTestId("run-menu").click();
  await page.getByTestId("run-above").click();
  await output(0).getByText("a", { exact: true }).waitFor();
  assert.equal(await output(1).innerText(), "");
  await page.keyboard.press("Control+Shift+P");
  await page.getByTestId("palette-query").fill("this below");
  await notebook.screenshot("palette");
  await page.keyboard.press("Enter");
  await output(2).getByText("c", { exact: true }).waitFor();
  await output(1).getByText("b", { exact: true }).waitFor();
});

test("marks the cells that are out of date, and runs them in order", async (notebook) => {
  const { page, output } = notebook;
  await writeCells(notebook, "x = 1", "y = x + 1", "print('y is', y)", "print('other')");
  await page.getByTestId("run-all").click();
  await output(3).getByText("other").waitFor();
  assert.equal(await page.getByTestId("stale").count(), 0);
  await notebook.write(0, "x = 10");
  await page.locator("[data-testid=cell-2][data-stale=true]").waitFor();
  assert.equal(await page.getByTestId("stale").count(), 3);
  await notebook.screenshot("stale");
  await page.getByTestId("run-menu").click();
  await page.getByTestId("run-stale").click();
  await output(2).getByText("y is 11").waitFor();
  await page.locator("[data-testid=cell-2][data-stale=false]").waitFor();
  // A run makes those that need it out of date.
  await notebook.run(0, "x = 20");
  await page.locator("[data-testid=cell-1][data-stale=true]").waitFor();
  assert.equal(await page.getByTestId("stale").count(), 2);
});

/** A cell whose task prints after the cell has ended. */
const LATE = `import asyncio
async def task():
    await asyncio.sleep(0.1)
    print("late")
_ = asyncio.create_task(task())`;

test("shows how long a cell runs, and takes a restart for no error", async (notebook) => {
  const { page, output } = notebook;
  await notebook.write(0, "import time\nprint('begun')\ntime.sleep(60)");
  await page.keyboard.press("Control+Enter");
  await page.getByTestId("elapsed").waitFor();
  await page.getByTestId("restart").click();
  await notebook.state(0, "idle");
  await output(0).getByText("The kernel was restarted").waitFor();
  assert.equal(await page.locator(".output-error").count(), 0);
  await output(0).getByText("begun").waitFor();

  // A task goes on below its cell while another cell runs, and the same one runs once more.
  await notebook.run(0, LATE);
  await page.getByTestId("add-code").click();
  await notebook.write(1, "import time\nprint(time.time_ns())\ntime.sleep(1)");
  await page.keyboard.press("Control+Enter");
  await notebook.state(1, "running");
  await page.keyboard.press("Control+Enter");
  await output(1).getByText("Runs again after this").waitFor();
  const [first = ""] = (await output(1).innerText()).split("\n");
  await output(0).getByText("late").waitFor();
  await output(1).getByText(first).waitFor({ state: "detached" });
  await notebook.state(1, "idle");
  assert.doesNotMatch(await output(1).innerText(), /late/);
});
