/// <reference lib="dom" />
import assert from "node:assert/strict";
import { testNotebook as test } from "../support/browser.ts";

test("finds and replaces in all cells, as one edit", async (notebook) => {
  const { page, cell } = notebook;
  await notebook.write(0, "value = 1\nprint(value)");
  await page.getByTestId("add-markdown").click();
  await page.keyboard.insertText("# The value");
  await page.keyboard.press("Shift+Enter");
  await notebook.write(2, "other = value");
  await page.keyboard.press("Control+f");
  await page.keyboard.insertText("value");
  await page.getByText("1 of 4").waitFor();
  assert.equal(await cell(0).locator(".cm-found").count(), 2);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.getByText("3 of 4").waitFor();
  // A text cell shows its source while something in it is found.
  await cell(1).locator(".cm-found-current").waitFor();
  await notebook.screenshot("search");
  await page.getByTestId("search-replacement").fill("amount");
  await page.getByTestId("replace-all").click();
  assert.equal(await cell(0).locator(".cm-content").innerText(), "amount = 1\nprint(amount)");
  assert.equal(await cell(2).locator(".cm-content").innerText(), "other = amount");
  await page.keyboard.press("Escape");
  await page.keyboard.press("z");
  assert.equal(await cell(2).locator(".cm-content").innerText(), "other = value");
  await page.keyboard.press("Control+f");
  await page.getByRole("button", { name: ".* Regular expression" }).click();
  await page.getByTestId("search-query").fill("val(ue");
  await page.getByTestId("search-count").getByText("Invalid regular expression").waitFor();
  await page.getByTestId("search-query").fill("(\\w+) = (\\w+)");
  await page.getByTestId("search-replacement").fill("$2 = $1");
  await page.getByRole("button", { name: "Replace", exact: true }).click();
  assert.match(await cell(0).locator(".cm-content").innerText(), /^1 = value/);
});

test("lists headings, folds what is below them, and names what is defined twice", async (notebook) => {
  const { page, cell } = notebook;
  await notebook.write(0, "x = 1");
  for (const text of ["# First", "## Inner", "# Second"]) {
    await page.getByTestId("add-markdown").click();
    await page.keyboard.insertText(text);
    await page.keyboard.press("Control+Enter");
  }
  await page.getByTestId("add-code").click();
  await notebook.write(4, "x = 2");
  await page.getByTestId("tab-outline").click();
  assert.deepEqual(await page.getByTestId("heading").allInnerTexts(), ["First", "Inner", "Second"]);
  await page.getByTestId("names").getByText("x is defined in cell 1, cell 5").waitFor();
  await notebook.screenshot("outline");
  await cell(1).getByTestId("fold-heading").click();
  await cell(2).waitFor({ state: "hidden" });
  await cell(3).waitFor();
  // Keys pass over what is folded, and a link shows it.
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator(".cell.selected").getAttribute("data-testid"), "cell-3");
  await page.getByTestId("heading").getByText("Inner").click();
  await cell(2).waitFor();
});

test("keeps questions with their answers, and a progress bar on its line", async (notebook) => {
  const { page, output } = notebook;
  await notebook.write(0, "print('before')\nname = input('Name? ')\nprint('hello', name)");
  await page.keyboard.press("Control+Enter");
  await page.getByTestId("input-field").fill("Ada");
  await page.keyboard.press("Enter");
  await notebook.state(0, "idle");
  assert.equal(
    await output(0).locator("pre").innerText(),
    "before\nName? Ada\nhello Ada\n",
  );
  const bar = "import sys\nfor i in range(30000):\n    sys.stdout.write(f'\\rstep {i}')\nprint()";
  await notebook.run(0, bar);
  assert.equal(await output(0).locator("pre").innerText(), "step 29999\n");
});

test("shows the end of output that grows", async (notebook) => {
  const { page, output } = notebook;
  await notebook.run(0, "for i in range(500): print('line', i)");
  await output(0).getByText("line 499").waitFor();
  const folded = output(0).locator(".folded");
  const distance = () => folded.evaluate((it) => it.scrollHeight - it.clientHeight - it.scrollTop);
  assert.ok(await distance() < 5, `${await distance()}`);
  await page.keyboard.press("Escape");
});

test("exports to Python and to HTML that needs no server", async (notebook) => {
  const { page } = notebook;
  await notebook.run(
    0,
    "%time x = 1\nprint('<b>out</b>')\nfrom IPython.display import HTML\nHTML('<table><tr><td>cell</td></tr></table>')",
  );
  await page.getByTestId("add-markdown").click();
  await page.keyboard.insertText("# Title\n\nsome *text*");
  async function exported(name: string): Promise<string> {
    const download = page.waitForEvent("download");
    await page.getByTestId("file-menu").click();
    await page.getByTestId(name).click();
    return await Deno.readTextFile(await (await download).path());
  }
  const python = await exported("export-script");
  assert.match(python, /^# %%\n# %time x = 1\nprint/);
  assert.match(python, /# %% \[markdown\]\n# # Title/);
  const html = await exported("export-html");
  const file = await page.context().newPage();
  await file.setContent(html);
  await file.getByRole("heading", { name: "Title" }).waitFor();
  await file.getByRole("cell", { name: "cell" }).waitFor();
  assert.equal(await file.locator("b").count(), 0);
  await file.screenshot({ path: "coverage/screenshots/export.png" });
});

test("runs the cells that waited when the page was loaded anew", async (notebook) => {
  const { page } = notebook;
  await notebook.write(0, "input('go? ')");
  await page.getByTestId("add-code").click();
  await notebook.write(1, "print('ran', 'after all')");
  await page.getByTestId("run-all").click();
  await page.getByTestId("input-field").waitFor();
  await notebook.state(1, "queued");
  await page.reload();
  await notebook.state(1, "queued");
  await page.getByTestId("input-field").fill("yes");
  await page.keyboard.press("Enter");
  await page.getByTestId("output-1").getByText("ran after all").waitFor();
  await notebook.state(1, "idle");
});
