/// <reference lib="dom" />
import assert from "node:assert/strict";
import { axeFaults } from "../support/axe.ts";
import { testNotebook as test } from "../support/browser.ts";

test("has no fault that axe finds, in any of its dialogs and panels", async (notebook) => {
  const { page } = notebook;
  await notebook.run(0, "import sys\nprint('out')\nprint('err', file=sys.stderr)\n{'a': 1}");
  await page.getByTestId("add-markdown").click();
  await page.keyboard.insertText("# Title\n\nsome text");
  await page.keyboard.press("Control+Enter");
  await page.getByTestId("add-code").click();
  await notebook.run(2, "1 / 0");
  await page.keyboard.press("Escape");
  async function check(state: string): Promise<void> {
    assert.deepEqual(await axeFaults(page), [], state);
  }
  await check("a notebook with outputs");
  for (const tab of ["files", "outline", "kernels"]) {
    await page.getByTestId(`tab-${tab}`).click();
    await check(`the panel ${tab}`);
  }
  await page.getByTestId("file-menu").click();
  await check("an open menu");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+f");
  await check("the search");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+P");
  await page.getByTestId("palette-query").waitFor();
  await check("the palette");
  await page.keyboard.press("Escape");
  for (const dialog of ["help", "open", "kind"]) {
    await page.getByTestId(dialog).click();
    await check(`the dialog ${dialog}`);
    await page.keyboard.press("Escape");
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await check("a dark page");
});
