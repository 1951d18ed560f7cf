/// <reference lib="dom" />
import assert from "node:assert/strict";
import { axeFaults } from "../support/axe.ts";
import { testNotebook as test } from "../support/browser.ts";

test("offers examples, and runs stale cells by itself in reactive mode", async (notebook) => {
  const { page, cell, output } = notebook;
  const examples = page.getByTestId("examples");
  await examples.getByRole("button", { name: "A form" }).waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await notebook.screenshot("examples");

  await notebook.run(0, "a = 1");
  assert.equal(await examples.count(), 0);
  await page.getByTestId("add-code").click();
  await notebook.run(1, "b = a + 1\nb");
  await page.getByTestId("add-code").click();
  await notebook.run(2, "f'{b} and {1 / (3 - b)}'");
  await output(2).getByText("2 and 1.0").waitFor();
  await page.getByTestId("run-menu").click();
  await page.getByTestId("reactive").click();
  await page.getByTestId("reactive-on").waitFor();

  // Cells that depend on one run after it, and a cell runs once the reader has left it.
  await notebook.run(0, "a = 5");
  await output(2).getByText("6 and -0.333").waitFor();
  await notebook.write(0, "a = 2");
  await page.waitForTimeout(600);
  assert.match(await output(2).innerText(), /6 and/, "nothing runs while the reader types");
  await page.keyboard.press("Escape");
  await output(1).getByText("3", { exact: true }).waitFor();
  await output(2).getByText("ZeroDivisionError").first().waitFor();
  await notebook.state(2, "idle");
  const counts = await page.locator(".prompt > span[title=idle]").allInnerTexts();
  assert.deepEqual(counts, ["[7]", "[8]", "[9]"], "each cell has run once for each change");
  assert.deepEqual(await axeFaults(page), []);
  await notebook.screenshot("reactive");

  // A failure is not tried again by itself, but after the next change.
  await notebook.run(0, "a = 7");
  await output(2).getByText("8 and").waitFor();
  await page.getByTestId("reactive-on").click();
  await notebook.run(0, "a = 8");
  await cell(1).getByTestId("stale").waitFor();
  assert.match(await output(2).innerText(), /8 and/);
});
