/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import {
  DEADLINE_MS,
  type NotebookFixture,
  openNotebook,
  testInBrowser,
} from "../support/browser.ts";
import { temporaryDirectory } from "../support/mod.ts";

/** Opens the page on a server that keeps notebooks in a directory. */
async function openShared() {
  const directory = await temporaryDirectory();
  const notebook = await openNotebook({ settings: { NOTEBOOK_DIR: directory.path } });
  return {
    ...notebook,
    directory: directory.path,
    async [Symbol.asyncDispose]() {
      await notebook[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function saved(page: Page, path: string): Promise<void> {
  await page.locator("[data-testid=kept][data-state=saved]").getByText(`Saved as ${path}`)
    .waitFor();
}

/** Opens the same notebook in a context of its own, as in another browser. */
async function second({ page }: NotebookFixture): Promise<Page> {
  const context = await page.context().browser()!.newContext();
  const other = await context.newPage();
  other.setDefaultTimeout(DEADLINE_MS);
  await other.goto(page.url());
  await other.locator("[data-testid=kept][data-state=saved]").waitFor();
  return other;
}

async function type(page: Page, index: number, text: string): Promise<void> {
  await page.getByTestId(`cell-${index}`).locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText(text);
}

function textOf(page: Page, index: number): Promise<string> {
  return page.getByTestId(`cell-${index}`).locator(".cm-content").innerText();
}

/** Resolves when a cell has a text in a page. */
async function hasText(page: Page, index: number, text: string): Promise<void> {
  await page.waitForFunction(
    ([index, text]) =>
      (document.querySelector(`[data-testid=cell-${index}] .cm-content`) as HTMLElement)
        ?.innerText === text,
    [`${index}`, text] as const,
  );
}

/** An image of one point, in Base64. */
const DOT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Pastes or drops an image where a reader would. */
async function giveImage(place: Locator, type: "paste" | "drop"): Promise<void> {
  await place.evaluate((element, { type, dot }) => {
    const data = new DataTransfer();
    const content = Uint8Array.from(atob(dot), (it) => it.charCodeAt(0));
    data.items.add(new File([content], "dot.png", { type: "image/png" }));
    const common = { bubbles: true, cancelable: true };
    const { left: clientX, top: clientY } = element.getBoundingClientRect();
    element.dispatchEvent(
      type === "paste"
        ? new ClipboardEvent(type, { ...common, clipboardData: data })
        : new DragEvent(type, { ...common, dataTransfer: data, clientX, clientY }),
    );
  }, { type, dot: DOT });
}

async function sourcesIn(file: string): Promise<string[]> {
  const { cells } = JSON.parse(await Deno.readTextFile(file));
  return cells.map(({ source }: { source: string[] }) => source.join(""));
}

testInBrowser("the notebook saves itself on the server, and its name is the file's", async () => {
  await using notebook = await openShared();
  const { page, directory } = notebook;
  await notebook.run(0, "print('on the server')");
  await saved(page, "Untitled.ipynb");
  await page.getByTestId("title").fill("shared");
  await saved(page, "shared.ipynb");
  assert.deepEqual(await sourcesIn(`${directory}/shared.ipynb`), ["print('on the server')"]);
  await assert.rejects(Deno.stat(`${directory}/Untitled.ipynb`));
  const { cells } = JSON.parse(await Deno.readTextFile(`${directory}/shared.ipynb`));
  assert.deepEqual(cells[0].outputs[0].text, ["on the server\n"]);
  await page.reload();
  await notebook.output(0).getByText("on the server").waitFor();
  await saved(page, "shared.ipynb");

  await page.getByTestId("add-markdown").click();
  await page.keyboard.insertText("# Seen");
  await giveImage(notebook.cell(1).locator(".cm-content"), "paste");
  await page.keyboard.press("Shift+Enter");
  await notebook.cell(1).locator("img[alt='dot.png']").waitFor();
  await giveImage(notebook.cell(1).locator(".rendered"), "drop");
  await notebook.cell(1).locator("img[alt='dot-1.png']").waitFor();
  await saved(page, "shared.ipynb");
  const [, text] = JSON.parse(await Deno.readTextFile(`${directory}/shared.ipynb`)).cells;
  assert.deepEqual(text.attachments, {
    "dot.png": { "image/png": DOT },
    "dot-1.png": { "image/png": DOT },
  });
  assert.equal(
    text.source.join(""),
    "# Seen\n\n![dot.png](attachment:dot.png)\n\n![dot-1.png](attachment:dot-1.png)",
  );
  await page.reload();
  await notebook.cell(1).locator("img[alt='dot-1.png'][src^='data:image/png']").waitFor();
  await notebook.run(
    0,
    "import asyncio\nasync def task():\n    await asyncio.sleep(0.1)\n    print('late')\n" +
      "_ = asyncio.create_task(task())",
  );
  await notebook.output(0).getByText("late").waitFor();
  while (!(await Deno.readTextFile(`${directory}/shared.ipynb`)).includes('"late\\n"')) {
    await page.waitForTimeout(20);
  }
  assert.deepEqual(notebook.problems, []);
});

testInBrowser("the notebook gives two untitled notebooks two names", async () => {
  await using notebook = await openShared();
  const { page, directory } = notebook;
  await notebook.write(0, "first = 1");
  await saved(page, "Untitled.ipynb");
  await page.getByTestId("new").click();
  await notebook.write(0, "second = 2");
  await saved(page, "Untitled 2.ipynb");
  assert.equal(await page.getByTestId("title").inputValue(), "Untitled 2");
  await page.getByTestId("title").fill("Untitled");
  await page.getByText("There is a notebook Untitled.ipynb already").waitFor();
  assert.equal(await page.getByTestId("title").inputValue(), "Untitled 2");
  assert.deepEqual(await sourcesIn(`${directory}/Untitled.ipynb`), ["first = 1"]);
  assert.deepEqual(await sourcesIn(`${directory}/Untitled 2.ipynb`), ["second = 2"]);
});

testInBrowser(
  "two people write in one notebook and see each other's cells, runs and outputs",
  async () => {
    await using notebook = await openShared();
    const { page } = notebook;
    await notebook.write(0, "a = 1");
    await saved(page, "Untitled.ipynb");
    const other = await second(notebook);
    assert.equal(await textOf(other, 0), "a = 1");
    await Promise.all([type(page, 0, "\nb = 2"), type(other, 0, "\nc = 3")]);
    await page.waitForFunction(() => {
      const text = document.querySelector<HTMLElement>(".cm-content")!.innerText;
      return text.includes("b = 2") && text.includes("c = 3");
    });
    await hasText(other, 0, await textOf(page, 0));
    // One adds a cell and runs it; the other sees it run, and can ask the same kernel.
    await other.getByTestId("add-code").click();
    await type(other, 1, "print(a * 1000 + b * 100 + c * 10)\nprint('hello', input('name? '))");
    await other.getByTestId("run-all").click();
    await page.getByTestId("output-1").getByText("1230").waitFor();
    await page.getByTestId("input-field").fill("Ada");
    await page.keyboard.press("Enter");
    for (const each of [page, other]) {
      await each.getByTestId("output-1").getByText("hello Ada").waitFor();
      await each.locator("[data-testid=cell-1][data-state=idle]").waitFor();
    }
    // Both have one kernel.
    await other.getByTestId("add-code").click();
    await type(other, 2, "print('sum', a + b + c)");
    await other.keyboard.press("Control+Enter");
    await page.getByTestId("output-2").getByText("sum 6").waitFor();
    assert.equal(notebook.server.kernels.listKernels().length, 1);
    assert.deepEqual(notebook.problems, []);
  },
);

testInBrowser(
  "the notebook shows what an agent does in it, and the agent what is typed",
  async () => {
    await using notebook = await openShared();
    const { page, server } = notebook;
    await notebook.write(0, "x = 20");
    await saved(page, "Untitled.ipynb");
    const live = await server.services.liveNotebooks!.open("Untitled.ipynb");
    assert.equal(live.read().cells[0]!.source, "x = 20");
    const id = live.read().cells[0]!.id;
    const [added] = live.edit([{ type: "insert", cell: { source: "print(x + 1)" } }]);
    const outcomes = await live.run([id, added!]);
    assert.deepEqual(outcomes.map(({ status }) => status), ["ok", "ok"]);
    await page.getByTestId("output-1").getByText("21").waitFor();
    // The cursor of the person stays where it is.
    await page.getByTestId("cell-0").locator(".cm-content").click();
    await page.keyboard.press("End");
    live.edit([{ type: "replace", id, source: "# by the agent\nx = 20" }]);
    await page.getByTestId("cell-0").getByText("# by the agent").waitFor();
    await page.keyboard.insertText("0");
    await hasText(page, 0, "# by the agent\nx = 200");
    // Undo takes back what the person has typed, and nothing of the agent's.
    await page.keyboard.press("ControlOrMeta+Z");
    await hasText(page, 0, "# by the agent\nx = 20");
    assert.deepEqual(notebook.problems, []);
  },
);

testInBrowser("the notebook merges what was typed without a connection", async () => {
  await using notebook = await openShared();
  const { page } = notebook;
  await notebook.write(0, "a = 1\nmiddle = 0\nb = 2");
  await saved(page, "Untitled.ipynb");
  const context = await page.context().browser()!.newContext();
  const other = await context.newPage();
  other.setDefaultTimeout(DEADLINE_MS);
  // The connection of the second person goes through a proxy that can be cut.
  let isCut = false;
  const cuts: (() => void)[] = [];
  await other.routeWebSocket("**/room/**", (socket) => {
    if (isCut) return void socket.close();
    socket.connectToServer();
    cuts.push(() => void socket.close());
  });
  await other.route("**/api/**", (route) => isCut ? route.abort() : route.continue());
  await other.goto(page.url());
  await saved(other, "Untitled.ipynb");
  isCut = true;
  for (const cut of cuts) cut();
  await other.locator("[data-testid=kept][data-state=disconnected]").waitFor();
  await type(other, 0, "\noffline = True");
  await other.locator("[data-testid=kept][data-state=unsaved]").waitFor();
  await other.getByTestId("add-markdown").click();
  await other.keyboard.insertText("# Written on a train");
  await page.getByTestId("cell-0").locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.insertText("online = True\n");
  await saved(page, "Untitled.ipynb");
  isCut = false;
  const both = "online = True\na = 1\nmiddle = 0\nb = 2\noffline = True";
  await saved(other, "Untitled.ipynb");
  for (const each of [page, other]) {
    await hasText(each, 0, both);
    await each.getByText("Written on a train").waitFor();
  }
  // Also when the page was closed in between.
  isCut = true;
  for (const cut of cuts) cut();
  await other.locator("[data-testid=kept][data-state=disconnected]").waitFor();
  await type(other, 0, "\nclosed = True");
  await other.locator("[data-testid=kept][data-state=unsaved]").waitFor();
  await other.goto("about:blank");
  await page.getByTestId("cell-0").locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.insertText("open = True\n");
  await saved(page, "Untitled.ipynb");
  isCut = false;
  await other.goto(page.url());
  const all = `open = True\n${both}\nclosed = True`;
  await hasText(page, 0, all);
  await hasText(other, 0, all);
  assert.deepEqual(notebook.problems, []);
});

testInBrowser(
  "the notebook shows both versions when another program has changed the file",
  async () => {
    await using notebook = await openShared();
    const { page, directory, server } = notebook;
    await notebook.write(0, "first = 1");
    await saved(page, "Untitled.ipynb");
    const file = `${directory}/Untitled.ipynb`;
    const live = await server.services.liveNotebooks!.open("Untitled.ipynb");
    async function conflict(theirs: string, mine: string) {
      const notebook = JSON.parse(await Deno.readTextFile(file));
      notebook.cells[0].source = [theirs];
      // Both at once: before the server has looked at the file again.
      live.edit([{ type: "replace", id: live.read().cells[0]!.id, source: mine }]);
      await Deno.writeTextFile(file, JSON.stringify(notebook));
      await page.locator("[data-testid=kept][data-state=conflict]").waitFor();
      await page.getByTestId("decide").click();
      await page.getByRole("region", { name: "Mine" }).getByText(mine).waitFor();
      await page.getByRole("region", { name: "Theirs" }).getByText(theirs).waitFor();
    }
    await conflict("theirs = 1", "mine = 1");
    await notebook.screenshot("conflict");
    await page.getByTestId("keep-mine").click();
    await saved(page, "Untitled.ipynb");
    assert.deepEqual(await sourcesIn(file), ["mine = 1"]);
    await conflict("theirs = 2", "mine = 2");
    await page.getByTestId("take-theirs").click();
    await saved(page, "Untitled.ipynb");
    await hasText(page, 0, "theirs = 2");
    await conflict("theirs = 3", "mine = 3");
    await page.getByTestId("mine-name").fill("Other");
    await page.getByTestId("keep-both").click();
    await saved(page, "Other.ipynb");
    await hasText(page, 0, "mine = 3");
    assert.deepEqual(await sourcesIn(file), ["theirs = 3"]);
    assert.deepEqual(await sourcesIn(`${directory}/Other.ipynb`), ["mine = 3"]);
    // Every version that was replaced can be looked at and restored.
    await page.getByTestId("open").click();
    await page.getByRole("button", { name: "Untitled.ipynb" }).click();
    await saved(page, "Untitled.ipynb");
    await page.getByTestId("file-menu").click();
    await page.getByTestId("versions").click();
    await page.getByTestId("version").first().click();
    await page.getByText("mine = 3").waitFor();
    await notebook.screenshot("versions");
    await page.getByTestId("restore").click();
    await hasText(page, 0, "mine = 3");
    await saved(page, "Untitled.ipynb");
    assert.deepEqual(notebook.problems, []);
  },
);

testInBrowser("the notebook is saved under another name, and goes on with the copy", async () => {
  await using notebook = await openShared();
  const { page, directory } = notebook;
  await notebook.write(0, "x = 1");
  await saved(page, "Untitled.ipynb");
  await page.getByTestId("file-menu").click();
  await page.getByTestId("save-as").click();
  await page.getByTestId("save-as-name").fill("reports/may");
  await page.getByTestId("save-as-submit").click();
  await saved(page, "reports/may.ipynb");
  await notebook.write(0, "x = 2");
  await saved(page, "reports/may.ipynb");
  assert.deepEqual(await sourcesIn(`${directory}/Untitled.ipynb`), ["x = 1"]);
  assert.deepEqual(await sourcesIn(`${directory}/reports/may.ipynb`), ["x = 2"]);
});

testInBrowser("a second tab asks before it takes over a notebook of the browser", async () => {
  await using notebook = await openNotebook();
  const { page } = notebook;
  await notebook.write(0, "typed = 'in the first'");
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByText("This notebook is open in another tab").waitFor();
  await notebook.write(0, "typed = 'later'");
  await other.getByTestId("take-over").click();
  await hasText(other, 0, "typed = 'later'");
  await page.getByText("This notebook is open in another tab").waitFor();
  await page.getByTestId("take-over").click();
  await hasText(page, 0, "typed = 'later'");
});

testInBrowser("cells that wait for their turn survive a reload", async () => {
  await using notebook = await openShared();
  const { page } = notebook;
  await notebook.write(0, "input('go? ')");
  await page.getByTestId("add-code").click();
  await notebook.write(1, "print('ran', 'after all')");
  await saved(page, "Untitled.ipynb");
  await page.getByTestId("run-all").click();
  await page.getByTestId("input-field").waitFor();
  await notebook.state(1, "queued");
  await page.reload();
  await page.getByTestId("input-field").fill("yes");
  await page.keyboard.press("Enter");
  await page.getByTestId("output-1").getByText("ran after all").waitFor();
  await notebook.state(1, "idle");
});
