/// <reference lib="dom" />
import assert from "node:assert/strict";
import { axeFaults } from "../support/axe.ts";
import { testNotebook as test } from "../support/browser.ts";

const FAILING = `import json, time
def parse(text):
    return json.loads(text)
time.sleep(0.2)
parse("{")`;

test("helps with errors, names, calls and pages of text", async (notebook) => {
  const { page, cell, output } = notebook;
  await notebook.run(0, FAILING);
  const error = output(0).locator(".error");
  await error.getByText("return json.loads(text)").waitFor();
  const library = error.getByText(/frames? of libraries: json\//);
  assert.equal(await error.getByText("raw_decode", { exact: false }).count(), 0);
  await library.click();
  await error.getByText("raw_decode").first().waitFor();
  const usage = await output(0).locator(".duration").getAttribute("data-usage");
  assert.match(usage!, /processor .* · memory up to \d/);
  assert.deepEqual(await axeFaults(page), []);
  await notebook.screenshot("traceback");

  await page.getByTestId("add-code").click();
  await notebook.run(1, "len?");
  const pager = page.getByTestId("pager");
  await pager.getByText("Return the number of items in a container").waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await notebook.screenshot("pager");
  await page.keyboard.press("Escape");
  await pager.waitFor({ state: "detached" });

  await notebook.write(1, "parse");
  await page.keyboard.type("(");
  const help = page.locator(".inspection");
  await help.getByText("parse(text)").waitFor();
  await page.keyboard.type("'a', (1), ");
  await help.waitFor();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });
  await cell(1).locator(".cm-line").getByText("parse").first().hover();
  await help.getByText("Signature").waitFor();

  // The dialog of the kernel tells of it, installs packages, and goes on with another one.
  const other = await notebook.server.createKernel();
  const path = `/api/kernels/${other}/executions`;
  await notebook.server.json(200, "POST", path, { code: "mine = 'the other kernel'" });
  await page.keyboard.press("Escape");
  await page.getByTestId("kind").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByTestId("present-kernel").getByText(/in use/).waitFor();
  await dialog.getByLabel("Packages").fill("???");
  await page.keyboard.press("Enter");
  await dialog.getByText("Cannot install packages").waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await notebook.screenshot("kernel_dialog");
  await dialog.getByRole("button", { name: other.slice(0, 12) }).click();
  await notebook.run(1, "mine");
  await output(1).getByText("'the other kernel'").waitFor();
});
