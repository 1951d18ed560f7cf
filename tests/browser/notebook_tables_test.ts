/// <reference lib="dom" />
import assert from "node:assert/strict";
import { axeFaults } from "../support/axe.ts";
import { INSTALL_MS, testNotebook } from "../support/browser.ts";
import { realPackages } from "../support/real_packages/real_packages.ts";

const { baseUrl, wheelsDir } = await realPackages();

const FRAME = `import pandas as pd
df = pd.DataFrame({
    "n": range(1000),
    "name": [f"<b>row</b> {i % 7}" for i in range(1000)],
    "day": pd.date_range("2026-01-01", periods=1000, tz="Europe/Berlin"),
    "half": [None if i == 3 else i / 2 for i in range(1000)],
})
df`;

testNotebook("shows a data frame of pandas as a live table", async (notebook) => {
  const { page, output } = notebook;
  await notebook.write(0, FRAME);
  await page.keyboard.press("Control+Enter");
  // pandas is installed, and on a machine that has never had it, compiled.
  await output(0).getByTestId("data-table").waitFor({ timeout: INSTALL_MS });
  const table = output(0).getByTestId("data-table");
  const cell = (row: number, column: number) =>
    table.locator(`tbody tr:nth-child(${row}) > :nth-child(${column})`);
  const text = (row: number, column: number) => cell(row, column).innerText();
  const until = async (row: number, column: number, wanted: string) => {
    await cell(row, column).getByText(wanted, { exact: true }).waitFor();
  };
  const sortBy = (name: string) =>
    table.getByRole("columnheader", { name: new RegExp(`^${name}`) }).getByRole("button");
  await until(1, 2, "0");
  assert.equal(await text(4, 5), "NaN");
  assert.equal(await text(2, 4), "2026-01-02 00:00:00+01:00");
  assert.equal(await text(2, 3), "<b>row</b> 1", "the text of a cell is no HTML");
  await table.getByText("1,000 rows").waitFor();
  await notebook.screenshot("table");

  await table.getByRole("button", { name: "Last rows" }).click();
  await until(20, 2, "999");
  await sortBy("half").click();
  await until(1, 2, "0");
  await sortBy("half").click();
  await until(1, 2, "999");
  assert.equal(await table.locator('[aria-sort="descending"] .column-name').innerText(), "half");

  assert.deepEqual(await axeFaults(page), []);
  await table.getByRole("button", { name: "Filter" }).click();
  await table.getByLabel("Column").selectOption({ label: "name" });
  await table.getByLabel("Comparison").selectOption({ label: "contains" });
  await table.getByLabel("Value").fill("ROW</b> 5");
  await page.keyboard.press("Enter");
  await table.getByText("143 of 1,000 rows").waitFor();
  await until(1, 2, "999");
  await table.getByRole("button", { name: "Chart" }).click();
  const chart = table.getByTestId("chart");
  await chart.frameLocator("iframe").locator("svg.marks path").first().waitFor();
  await chart.getByLabel("Up").selectOption({ label: "half" });
  await chart.getByLabel("As").waitFor();
  await page.waitForTimeout(300);
  assert.deepEqual(await axeFaults(page), []);
  await notebook.screenshot("table_chart");
  await table.getByRole("button", { name: /contains/ }).click();
  await table.getByText("1,000 rows").waitFor();
  await table.getByLabel("Column").selectOption({ label: "n" });
  await table.getByLabel("Value").fill("many");
  await page.keyboard.press("Enter");
  await table.getByRole("alert").first().waitFor();
  assert.match(await table.getByRole("alert").first().innerText(), /'many' is not a number/);
  await table.getByRole("button", { name: /many/ }).click();

  // The user's session is as it was, and a change of the data frame shows.
  await page.getByTestId("add-code").click();
  await notebook.run(1, "assert _ is df and len(Out) == 1\ndf.loc[999, 'n'] = -5");
  await until(1, 2, "-5");
  const drawn = (await chart.boundingBox())!.height;
  assert.ok(drawn > 250, `the chart's room stays while it is drawn anew: ${drawn}`);
  assert.deepEqual(await page.locator(".prompt span").allInnerTexts(), ["[1]", "[2]"]);

  // The page finds the table again, also when it was not connected while the kernel answered. After a
  // restart the static table says that it is not live.
  const answered = page.waitForResponse(/\/comms\/[^/]+\/messages$/);
  await page.route(/\/api\/kernels\/[^/]+\/events$/, async (route) => {
    await answered;
    await route.continue();
  }, { times: 1 });
  await page.reload();
  await until(1, 2, "0");
  await page.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await axeFaults(page), []);
  await notebook.screenshot("table_dark");
  await page.getByTestId("restart").click();
  const note = output(0).getByText("This table is no longer live");
  await note.waitFor();
  await output(0).locator("table.dataframe").waitFor();
  await notebook.screenshot("table_not_live");
}, { settings: { PYODIDE_PACKAGE_BASE_URL: baseUrl, PACKAGE_WHEELS_DIR: wheelsDir } });
