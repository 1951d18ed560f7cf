/// <reference lib="dom" />
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { type NotebookFixture, openNotebook, testInBrowser } from "../support/browser.ts";
import { openWithOutputs } from "../support/notebook_file.ts";

/** The longest processor time for which an output may keep the page from anything else, in milliseconds. */
const LONGEST_PAUSE_MS = 2_500;

function display(data: Record<string, unknown>, metadata: unknown = {}): unknown {
  return { output_type: "display_data", data, metadata };
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

/** Each group draws the one before ten times: ten million circles. */
const useBomb = `<svg xmlns="http://www.w3.org/2000/svg"><circle id="g0" r="1"/>${
  Array.from(
    { length: 7 },
    (_, n) => `<g id="g${n + 1}">${`<use href="#g${n}"/>`.repeat(10)}</g>`,
  ).join("")
}</svg>`;

/** Outputs by what they are. */
const HOSTILE: Record<string, unknown[]> = {
  "deep Markdown": [
    display({ "text/markdown": ">".repeat(20_000) + "a" }),
    display({ "text/markdown": "- ".repeat(20_000) + "a" }),
    display({ "text/markdown": "<div>".repeat(20_000) }),
  ],
  "much Markdown": [display({ "text/markdown": "# a\n\n*b*\n\n".repeat(100_000) })],
  "deep LaTeX": [
    display({ "text/latex": `$${"\\sqrt{".repeat(5_000)}x${"}".repeat(5_000)}$` }),
  ],
  "wide LaTeX": [display({ "text/latex": `$$${"\\frac{a}{b}".repeat(10_000)}$$` })],
  "objects where text should be": [
    display({ "text/plain": { toString: 1 } }),
    display({ "text/html": { toString: null } }),
    display({ "image/png": [{}, nested(50)] }),
    display({ "image/png": "AAAA" }, { "image/png": { width: {}, alt: 1 } }),
  ],
  "JSON deeper than the browser's database stores": [
    display({ "application/json": nested(100_000) }),
  ],
  "long values": [
    display({ "application/json": Array(300_000).fill("a") }),
    display({ "application/json": { a: "x".repeat(3_000_000) } }),
    { output_type: "stream", name: "stdout", text: "x".repeat(3_000_000) },
    { output_type: "error", ename: "E".repeat(1e6), evalue: "v".repeat(1e6), traceback: ["t"] },
  ],
  "lines of escape codes": [{
    output_type: "stream",
    name: "stdout",
    text: Array(60).fill(`${"\x1b[31ma\x1b[1;42mb".repeat(3_500)}\r`).join("\n"),
  }],
  "deep HTML": [display({ "text/html": "<div>".repeat(50_000) })],
  "HTML that multiplies": [display({
    "text/html": `<div>${
      Array.from({ length: 190 }, (_, n) => `<b class="b${n}">`).join("")
    }</div>` + "<div>x</div>".repeat(70_000),
  })],
  "a long table": [
    display({ "text/html": `<table>${"<tr><td>1</td></tr>".repeat(300_000)}</table>` }),
  ],
  "a drawing that multiplies": [display({ "image/svg+xml": useBomb })],
  "a script without end": [display({ "text/html": "<script>for (;;);</script>" })],
  "outputs that are none": [{ output_type: { a: 1 }, data: [] }, null, 1, "text"],
};

/**
 * Returns the longest processor time that the page's thread took between two answers while `action` ran, in
 * milliseconds: no task kept the page from answering for longer. The time of a clock would tell how busy the
 * machine is.
 */
async function longestPause({ page }: NotebookFixture, action: () => Promise<void>) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const taken = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1_000 * metrics.find(({ name }) => name === "TaskDuration")!.value;
  };
  let [isDone, longest, last] = [false, 0, await taken()];
  const watch = (async () => {
    while (!isDone) {
      const now = await taken();
      longest = Math.max(longest, now - last);
      last = now;
      await delay(10);
    }
  })();
  await action().finally(() => isDone = true);
  await watch;
  return longest;
}

/** The page is alive when a cell can be edited and the browser keeps what was written. */
async function assertAlive(notebook: NotebookFixture, text: string): Promise<void> {
  await notebook.write(1, text);
  await notebook.page.locator("[data-testid=kept][data-state=kept]").waitFor();
}

for (const [name, outputs] of Object.entries(HOSTILE)) {
  testInBrowser(`the notebook stands ${name}, also after a reload`, async () => {
    await using notebook = await openNotebook();
    const { page } = notebook;
    const pause = await longestPause(notebook, async () => {
      await openWithOutputs(notebook, outputs);
      await assertAlive(notebook, "alive = 1");
    });
    assert(pause < LONGEST_PAUSE_MS, `the page did nothing else for ${pause} ms`);

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

testInBrowser("the notebook shows the text of outputs and cells whose views fail", async () => {
  await using notebook = await openNotebook();
  const { page } = notebook;
  await page.evaluate(() => {
    const { stringify } = JSON;
    JSON.stringify = ((value: unknown, ...rest: []) => {
      if (value === "fault of a view") throw new Error(value);
      return stringify(value, ...rest);
    }) as typeof stringify;
  });
  await openWithOutputs(notebook, [
    display({ "application/json": "fault of a view", "text/plain": "text of the output" }),
    { output_type: "stream", name: "stdout", text: "another output" },
  ]);
  await notebook.output(0).getByText("text of the output").waitFor();
  await notebook.output(0).getByText("another output").waitFor();
  await page.evaluate(() => {
    // Each editor has one.
    globalThis.MutationObserver = class {
      constructor() {
        throw new Error("fault of an editor");
      }
    } as unknown as typeof MutationObserver;
  });
  await openWithOutputs(notebook, []);
  await notebook.cell(0).getByText("This cell cannot be shown: fault of an editor").waitFor();
  await notebook.cell(1).getByText("second = 2").waitFor();
});
