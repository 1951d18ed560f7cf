/// <reference lib="dom" />
import assert from "node:assert/strict";
import { type NotebookFixture, testNotebook as test } from "../support/browser.ts";

/** Describes the element with the focus: the cell that it is in, and whether that is the editor. */
function focus({ page }: NotebookFixture): Promise<string> {
  return page.evaluate(() => {
    const active = document.activeElement!;
    const cell = active.closest(".cell")?.getAttribute("data-testid");
    const kind = active.matches(".cm-content") ? "editor" : active.matches(".cell") ? "cell" : "";
    return [cell ?? active.tagName, kind || active.getAttribute("aria-label")].join(" ");
  });
}

test("takes what is typed on a fresh page into the first cell", async (notebook) => {
  await notebook.page.keyboard.type("a = 1");
  assert.match(await notebook.cell(0).innerText(), /a = 1/);
});

test("takes commands only while a cell has the focus", async (notebook) => {
  const { page } = notebook;
  const { keyboard } = page;
  await keyboard.type("a = 1");
  await keyboard.press("Escape");
  await page.locator(".status").click();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await keyboard.press("b");
  await keyboard.press("x");
  assert.equal(await page.locator(".cell").count(), 1);
  assert.match(await notebook.cell(0).innerText(), /a = 1/);
});

test("gives the next key to the dialog that a key has opened", async (notebook) => {
  const { page } = notebook;
  await page.keyboard.press("Escape");
  const focused = await page.evaluate(() => {
    const cell = document.activeElement!;
    cell.dispatchEvent(new KeyboardEvent("keydown", { key: "p", bubbles: true }));
    return (document.activeElement as HTMLElement).dataset["testid"];
  });
  assert.equal(focused, "palette-query");
  await page.keyboard.type("insert a cell above");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".cell").count(), 2);
  assert.equal(await page.locator("dialog[open]").count(), 0);
});

test("obeys Escape, Enter and Tab at once while completions are shown or awaited", async (notebook) => {
  const { page } = notebook;
  const { keyboard } = page;
  await notebook.run(0, "temperature = 21.5\ntemperament = 1");
  await page.getByTestId("add-code").click();
  await keyboard.type("temper");
  await page.locator(".cm-tooltip-autocomplete").waitFor();
  await keyboard.press("Enter");
  assert.match(await notebook.cell(1).innerText(), /temper\s*$/);
  await keyboard.type("temper");
  await page.locator(".cm-tooltip-autocomplete").waitFor();
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  assert.match(await notebook.cell(1).innerText(), /temper\s+tempera(ture|ment)/);
  await keyboard.press("Enter");
  await keyboard.type("temper");
  await page.locator(".cm-tooltip-autocomplete").waitFor();
  await keyboard.press("Escape");
  assert.equal(await focus(notebook), "cell-1 cell");
  await keyboard.press("Enter");
  assert.equal(await focus(notebook), "cell-1 editor");
});

test("keeps the focus where the selection is", async (notebook) => {
  const { page } = notebook;
  const { keyboard } = page;
  await notebook.write(0, "name = input()");
  await keyboard.press("Control+Enter");
  const field = page.getByTestId("input-field");
  await field.waitFor();
  await keyboard.type("Ada");
  await keyboard.press("Enter");
  await notebook.state(0, "idle");
  assert.equal(await focus(notebook), "cell-0 cell");
  await keyboard.press("b");
  assert.equal(await focus(notebook), "cell-1 cell");
  await keyboard.press("Alt+ArrowUp");
  assert.equal(await focus(notebook), "cell-0 cell");
  await page.getByTestId("down").click();
  assert.equal(await focus(notebook), "cell-1 cell");
  await keyboard.press("h");
  await page.getByRole("dialog").waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.locator(".cell:focus").waitFor();
  assert.equal(await focus(notebook), "cell-1 cell");
  await keyboard.press("d");
  await keyboard.press("d");
  assert.equal(await focus(notebook), "cell-0 cell");
  await notebook.write(0, "b = 2");
  await keyboard.press("Shift+Enter");
  assert.equal(await focus(notebook), "cell-1 editor");
});

test("lets a question not interrupt what is being written", async (notebook) => {
  const { page } = notebook;
  await notebook.write(0, "import time\ntime.sleep(1)\ninput()");
  await page.keyboard.press("Alt+Enter");
  await page.keyboard.type("typed");
  await page.getByTestId("input-field").waitFor();
  await page.keyboard.type(" on");
  assert.match(await notebook.cell(1).innerText(), /typed on/);
});

test("is left by Escape and Tab, and by going back", async (notebook) => {
  const { page, origin } = notebook;
  const { keyboard } = page;
  await keyboard.type("a");
  await keyboard.press("Tab");
  assert.equal(await focus(notebook), "cell-0 editor");
  await keyboard.press("Escape");
  await keyboard.press("Tab");
  assert.equal(await focus(notebook), "cell-0 Run this cell");
  const seen = new Set<string>();
  for (let step = 0; step < 60; step++) {
    await keyboard.press("Tab");
    seen.add(await focus(notebook));
  }
  for (
    const name of ["BUTTON Run the cell (Shift-Enter)", "INPUT Name of the notebook", "cell-0 cell"]
  ) {
    assert(seen.has(name), `${name} is not among ${[...seen].join(", ")}`);
  }
  await page.goto("about:blank");
  await page.goto(origin);
  await notebook.cell(0).waitFor();
  await page.getByTestId("new").click();
  await page.goBack();
  assert.equal(page.url(), "about:blank");
});

test("runs no cell after one that fails, also when each was started by itself", async (notebook) => {
  const { page, output } = notebook;
  const { keyboard } = page;
  await notebook.write(0, "import time\ntime.sleep(0.5)\n1 / 0");
  await keyboard.press("Shift+Enter");
  await keyboard.type("print('never')");
  await keyboard.press("Shift+Enter");
  await output(0).getByText("ZeroDivisionError").first().waitFor();
  await notebook.state(1, "idle");
  await notebook.run(2, "'later'");
  assert.match(await output(2).innerText(), /later/);
  assert.equal(await output(1).innerText(), "");
});

test("has no target smaller than 24 pixels", async (notebook) => {
  const { page } = notebook;
  await notebook.run(0, "print('a')");
  for (const tab of ["variables", "files", "kernels"]) {
    await page.getByTestId(`tab-${tab}`).click();
    await page.locator("#side-panel button, #side-panel input").first().waitFor();
    const small = await page.locator("button, select, a[href], input:not([type=file]), summary")
      .evaluateAll((targets) =>
        targets.flatMap((it) => {
          const { width, height } = it.getBoundingClientRect();
          const isSmall = width > 0 && (width < 24 || height < 24);
          return isSmall ? [`${it.ariaLabel ?? it.textContent} ${width}x${height}`] : [];
        })
      );
    assert.deepEqual(small, [], tab);
  }
});

test("has a heading, landmarks, and names that begin with what is read on a button", async (notebook) => {
  const { page } = notebook;
  await page.getByRole("heading", { level: 1, name: "Untitled" }).waitFor({ state: "attached" });
  await page.getByRole("banner").getByRole("toolbar").waitFor();
  await page.getByRole("main").waitFor();
  const others = await page.locator("button[aria-label]").evaluateAll((buttons) =>
    buttons.flatMap((it) => {
      const text = it.textContent!.replace(/[^\w ]/g, "").trim().toLowerCase();
      const name = it.ariaLabel!.toLowerCase();
      return text === "" || name.includes(text) ? [] : [`${text}: ${name}`];
    })
  );
  assert.deepEqual(others, []);
});
