/// <reference lib="dom" />
import assert from "node:assert/strict";
import { type NotebookFixture, testNotebook as test } from "../support/browser.ts";

async function sources({ page }: NotebookFixture): Promise<string[]> {
  return await page.locator(".cell .cm-content").evaluateAll((editors) =>
    editors.map((it) => (it as HTMLElement).innerText.trim())
  );
}

test("undoes and redoes edits of text and of cells in both modes", async (notebook) => {
  const { page } = notebook;
  const { keyboard } = page;
  await notebook.write(0, "first");
  await page.getByTestId("add-code").click();
  await keyboard.type("second");
  await keyboard.press("Escape");
  await keyboard.press("Alt+ArrowUp");
  await keyboard.press("d");
  await keyboard.press("d");
  assert.deepEqual(await sources(notebook), ["first"]);
  await keyboard.press("Control+z");
  assert.deepEqual(await sources(notebook), ["second", "first"]);
  await keyboard.press("Control+z");
  assert.deepEqual(await sources(notebook), ["first", "second"]);
  await keyboard.press("Enter");
  await keyboard.press("Control+z");
  assert.deepEqual(await sources(notebook), ["first", ""]);
  await keyboard.press("Control+z");
  assert.deepEqual(await sources(notebook), ["first"]);
  await keyboard.press("Control+Shift+Z");
  await keyboard.press("Control+Shift+Z");
  assert.deepEqual(await sources(notebook), ["first", "second"]);
  for (let step = 0; step < 10; step++) await keyboard.press("Control+z");
  assert.deepEqual(await sources(notebook), [""]);
});

test("undoes a split and a merge, and keeps outputs that a run has made since", async (notebook) => {
  const { page } = notebook;
  const { keyboard } = page;
  await notebook.run(0, "print('kept')");
  await page.getByTestId("add-code").click();
  await keyboard.type("b = 2");
  await keyboard.press("Escape");
  await keyboard.press("k");
  await keyboard.press("Shift+M");
  assert.equal(await page.locator(".cell").count(), 1);
  await keyboard.press("Control+z");
  assert.deepEqual(await sources(notebook), ["print('kept')", "b = 2"]);
  await notebook.output(0).getByText("kept").waitFor();
  await keyboard.press("Enter");
  await keyboard.press("Control+Home");
  await keyboard.press("Control+Shift+-");
  assert.equal(await page.locator(".cell").count(), 3);
  await keyboard.press("Control+z");
  assert.deepEqual(await sources(notebook), ["print('kept')", "b = 2"]);
});

test("lets no undo of another field reach a cell", async (notebook) => {
  const { page } = notebook;
  await notebook.run(0, "value = 1");
  const filter = page.getByLabel("Filter the variables");
  await filter.click();
  await page.keyboard.type("v");
  for (let step = 0; step < 5; step++) await page.keyboard.press("Control+z");
  assert.deepEqual(await sources(notebook), ["value = 1"]);
  assert.equal(await filter.inputValue(), "");
  await page.keyboard.press("Control+Shift+Z");
  assert.equal(await filter.inputValue(), "v");
  await page.getByTestId("title").click();
  await page.keyboard.type(" and more");
  for (let step = 0; step < 5; step++) await page.evaluate(() => document.execCommand("undo"));
  assert.match(await page.getByTestId("title").inputValue(), /^Untitled/);
});

test("keeps the outputs of a cell until it runs again", async (notebook) => {
  const { page, output } = notebook;
  await page.getByTestId("add-code").click();
  await notebook.run(1, "print('old output')");
  await notebook.write(0, "input()");
  await page.keyboard.press("Control+Enter");
  await page.getByTestId("input-field").waitFor();
  await notebook.cell(1).locator(".run-cell").click();
  await notebook.state(1, "queued");
  assert.match(await output(1).innerText(), /old output/);
  await page.getByTestId("interrupt").click();
  await notebook.state(1, "idle");
  assert.match(await output(1).innerText(), /old output/);
  await notebook.state(0, "idle");
  await notebook.cell(1).locator(".prompt").click();
  await page.keyboard.press("m");
  await page.locator("[data-testid=kept][data-state=kept]").waitFor();
  await page.reload();
  await notebook.cell(1).locator(".prompt").click();
  await page.keyboard.press("y");
  await output(1).getByText("old output").waitFor();
  await notebook.run(1, "print('new output')");
  assert.doesNotMatch(await output(1).innerText(), /old output/);
});
