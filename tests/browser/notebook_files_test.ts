import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { testNotebook as test } from "../support/browser.ts";

test("uploads a file that Python reads, and offers what it writes", async (notebook) => {
  const { page } = notebook;
  await notebook.run(0, "open('made.txt', 'w').write('by Python')");
  await page.getByTestId("tab-files").click();
  await page.getByTestId("file-row").getByText("made.txt").waitFor();
  await page.getByTestId("file-input").setInputFiles({
    name: "data.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("a,b\n1,2\n"),
  });
  await page.getByTestId("file-row").getByText("data.csv").waitFor();
  await notebook.run(0, "open('data.csv').read()");
  assert.match(await notebook.output(0).innerText(), /a,b/);
  const download = page.waitForEvent("download");
  await page.getByTestId("file-row").getByText("made.txt").click();
  const path = await (await download).path();
  assert.equal(await Deno.readTextFile(path), "by Python");
  await notebook.screenshot("files");
});

test("saves and opens notebook files with their outputs", async (notebook) => {
  const { page } = notebook;
  await notebook.run(0, "print('saved output')\n{'a': 1}");
  const download = page.waitForEvent("download");
  await page.getByTestId("save").click();
  const file = await download;
  assert.equal(file.suggestedFilename(), "Untitled.ipynb");
  const text = await Deno.readTextFile(await file.path());
  const ipynb = JSON.parse(text);
  assert.deepEqual([ipynb.nbformat, ipynb.cells.length], [4, 1]);
  assert.deepEqual(ipynb.cells[0].outputs[0], {
    output_type: "stream",
    name: "stdout",
    text: ["saved output\n"],
  });
  await page.getByTestId("new").click();
  await page.getByTestId("cell-0").waitFor();
  assert.doesNotMatch(await page.locator("main").innerText(), /saved output/);
  await page.getByTestId("open").click();
  await page.getByTestId("open-file").setInputFiles({
    name: "again.ipynb",
    mimeType: "application/json",
    buffer: Buffer.from(text),
  });
  await notebook.output(0).getByText("saved output").waitFor();
  assert.equal(await page.getByTestId("title").inputValue(), "again");
  await page.getByTestId("open").click();
  await page.getByTestId("open-file").setInputFiles({
    name: "bad.ipynb",
    mimeType: "application/json",
    buffer: Buffer.from("{}"),
  });
  await page.getByText(/This is not a notebook that can be opened/).waitFor();
});
