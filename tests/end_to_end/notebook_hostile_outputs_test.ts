/// <reference lib="dom" />
import assert from "node:assert/strict";
import { type NotebookFixture, openNotebook, testInBrowser } from "../support/browser.ts";
import { openWithOutputs } from "../support/notebook_file.ts";

/** The longest time that an output may keep the page from doing anything else, in milliseconds. */
const LONGEST_PAUSE_MS = 2_500;

function display(data: Record<string, unknown>, metadata: unknown = {}): unknown {
  return { output_type: "display_data", data, metadata };
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

const codes = "\x1b[31ma\x1b[1;42mb".repeat(700);
/** Each group draws the one before ten times: ten million circles. */
const useBomb = `<svg xmlns="http://www.w3.org/2000/svg"><circle id="g0" r="1"/>${
  Array.from(
    { length: 7 },
    (_, n) => `<g id="g${n + 1}">${`<use href="#g${n}"/>`.repeat(10)}</g>`,
  ).join("")
}</svg>`;

const HOSTILE: Record<string, unknown> = {
  "deep quotes of Markdown": display({ "text/markdown": ">".repeat(20_000) + "a" }),
  "deep lists of Markdown": display({ "text/markdown": "- ".repeat(20_000) + "a" }),
  "Markdown that takes long": display({
    "text/markdown": "<a ".repeat(60_000) + "*a**b".repeat(9_000),
  }),
  "much Markdown": display({ "text/markdown": "# a\n\n*b*\n\n".repeat(100_000) }),
  "deep LaTeX": display({ "text/latex": `$${"\\sqrt{".repeat(5_000)}x${"}".repeat(5_000)}$` }),
  "wide LaTeX": display({ "text/latex": `$$${"\\frac{a}{b}".repeat(10_000)}$$` }),
  "an object where text should be": display({ "text/plain": { toString: 1 } }),
  "an object where HTML should be": display({ "text/html": { toString: null } }),
  "a list of objects as an image": display({ "image/png": [{}, nested(50)] }),
  "metadata of other types": display({ "image/png": "AAAA" }, {
    "image/png": { width: {}, alt: 1 },
  }),
  "deep JSON": display({ "application/json": nested(3_000) }),
  "wide JSON": display({ "application/json": Array(300_000).fill("a") }),
  "a long string of JSON": display({ "application/json": { a: "x".repeat(5_000_000) } }),
  "lines of escape codes": {
    output_type: "stream",
    name: "stdout",
    text: Array(60).fill(`${codes}\r`).join("\n"),
  },
  "one long line": { output_type: "stream", name: "stdout", text: "x".repeat(5_000_000) },
  "deep HTML": display({ "text/html": "<div>".repeat(50_000) }),
  "HTML that multiplies": display({
    "text/html": `<div>${
      Array.from({ length: 190 }, (_, n) => `<b class="b${n}">`).join("")
    }</div>` + "<div>x</div>".repeat(70_000),
  }),
  "deep HTML in Markdown": display({ "text/markdown": "<div>".repeat(20_000) }),
  "a long table": display({
    "text/html": `<table>${"<tr><td>1</td></tr>".repeat(300_000)}</table>`,
  }),
  "a drawing that multiplies": display({ "image/svg+xml": useBomb }),
  "a long error": {
    output_type: "error",
    ename: "E".repeat(1e6),
    evalue: "v".repeat(1e6),
    traceback: ["t\n".repeat(1e5)],
  },
  "a script without end": display({ "text/html": "<script>for (;;);</script>" }),
  "an output of no known type": { output_type: { a: 1 }, data: [] },
  "nothing": null,
};

/** Returns the longest time in which the page did nothing else while `action` ran, in milliseconds. */
async function longestPause({ page }: NotebookFixture, action: () => Promise<void>) {
  await page.evaluate(() => {
    let last = performance.now();
    const state = globalThis as unknown as { longest: number };
    state.longest = 0;
    setInterval(() => {
      state.longest = Math.max(state.longest, performance.now() - last);
      last = performance.now();
    }, 10);
  });
  await action();
  return await page.evaluate(() => (globalThis as unknown as { longest: number }).longest);
}

/** The page is alive when a cell can be edited and the browser keeps what was written. */
async function assertAlive(notebook: NotebookFixture, text: string): Promise<void> {
  await notebook.write(1, text);
  await notebook.page.locator("[data-testid=kept][data-state=kept]").waitFor();
}

for (const [name, output] of Object.entries(HOSTILE)) {
  testInBrowser(`the notebook stands ${name}, also after a reload`, async () => {
    await using notebook = await openNotebook();
    const { page } = notebook;
    const pause = await longestPause(notebook, async () => {
      await openWithOutputs(notebook, [output]);
      await assertAlive(notebook, "alive = 1");
    });
    assert(pause < LONGEST_PAUSE_MS, `the page did nothing for ${pause} ms`);
    await page.reload();
    await notebook.cell(1).getByText("alive = 1").waitFor();
    await assertAlive(notebook, "alive = 2");
    assert.deepEqual(notebook.problems, []);
  });
}

testInBrowser("the notebook stops an output that floods it with messages", async () => {
  await using notebook = await openNotebook();
  const flood = "for (let i = 0; i < 20000; i++) parent.postMessage({ type: 'ready' }, '*')";
  await openWithOutputs(notebook, [display({ "text/html": `<script>${flood}</script>` })]);
  await notebook.output(0).getByText("This output was stopped").waitFor();
  await assertAlive(notebook, "alive = 1");
  assert.deepEqual(notebook.problems, []);
});

testInBrowser("the notebook ends an output that loads itself again and again", async () => {
  await using notebook = await openNotebook();
  let loads = 0;
  notebook.page.on("framenavigated", () => loads++);
  await openWithOutputs(notebook, [display({ "text/html": "<script>location.reload()</script>" })]);
  await assertAlive(notebook, "alive = 1");
  // Long enough for some hundred loads.
  await notebook.page.waitForTimeout(2_000);
  assert(loads <= 25, `${loads} loads`);
  await assertAlive(notebook, "alive = 2");
  assert.deepEqual(notebook.problems, []);
});
