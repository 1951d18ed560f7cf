/// <reference lib="dom" />
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { openNotebook, testInBrowser, testNotebook } from "../support/browser.ts";

testInBrowser("the notebook runs JavaScript, then Python, and keeps both in its file", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await using notebook = await openNotebook({ settings: { NOTEBOOK_DIR: directory } });
    const { page } = notebook;
    await page.getByTestId("file-menu").click();
    await page.getByTestId("new-with").click();
    await page.getByTestId("kind-javascript").click();
    await page.getByTestId("kind").getByText("JavaScript", { exact: true }).waitFor();
    await notebook.run(0, "const seven = 7; `seven is ${seven}`");
    await notebook.output(0).getByText("seven is 7").waitFor();
    await page.getByTestId("cell-0").locator(".tok-keyword", { hasText: "const" }).waitFor();

    await page.getByTestId("kind").click();
    await notebook.screenshot("change-kernel");
    await page.getByTestId("kind-python").click();
    await page.getByTestId("kind").getByText("Python", { exact: true }).waitFor();
    await notebook.status("idle");
    await page.getByTestId("add-code").click();
    await notebook.run(1, "import sys; f'{sys.implementation.name} {6 * 7}'");
    await notebook.output(1).getByText("cpython 42").waitFor();
    await page.getByTestId("add-code").click();
    await notebook.run(2, "SELECT 6 * 7 AS answer");
    await notebook.output(2).getByText("SyntaxError").first().waitFor();
    // A cell that runs is not run again.
    await page.locator("[data-testid=cell-2][data-state=idle]").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("p");
    await page.keyboard.type("Make it SQL");
    await page.keyboard.press("Enter");
    await page.getByTestId("language-2").getByText("SQL", { exact: true }).waitFor();
    await page.getByTestId("run").click();
    await notebook.output(2).getByText("answer").waitFor();
    await notebook.output(2).getByText("42").waitFor();
    await page.locator("[data-testid=kept][data-state=saved]").waitFor();
    const file = JSON.parse(await Deno.readTextFile(join(directory, "Untitled.ipynb")));
    assert.equal(file.metadata.kernelspec.language, "python");
    assert.equal(file.metadata.language_info.name, "python");
    assert.deepEqual(file.cells[2].metadata, { vscode: { languageId: "sql" } });

    await page.reload();
    await page.getByTestId("kind").getByText("Python", { exact: true }).waitFor();
    await notebook.output(0).getByText("seven is 7").waitFor();
    await notebook.output(1).getByText("cpython 42").waitFor();
    await page.getByTestId("language-2").getByText("SQL", { exact: true }).waitFor();
    await notebook.screenshot("kinds");
    assert.deepEqual(notebook.problems, []);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

testNotebook(
  "uses the kind of a file again, and says when the server has no such kind",
  async (notebook) => {
    const { page } = notebook;
    async function open(kernelspec: Record<string, string>, source: string): Promise<void> {
      const cell = {
        id: "a",
        cell_type: "code",
        source,
        metadata: {},
        outputs: [],
        execution_count: null,
      };
      const content = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells: [cell] };
      await page.getByTestId("open").click();
      await page.getByTestId("open-file").setInputFiles({
        name: "file.ipynb",
        mimeType: "application/x-ipynb+json",
        buffer: Buffer.from(JSON.stringify(content)),
      });
      await notebook.cell(0).getByText(source).waitFor();
    }
    await open(
      { name: "javascript", display_name: "JavaScript", language: "javascript" },
      "[1, 2].at(-1) + 40",
    );
    await page.getByTestId("run").click();
    await notebook.output(0).getByText("42").waitFor();
    await page.getByTestId("file-menu").click();
    const downloaded = page.waitForEvent("download");
    await page.getByTestId("export-script").click();
    assert.equal((await downloaded).suggestedFilename(), "file.js");

    await open({ name: "ir", display_name: "R", language: "R" }, "print('here')");
    await page.getByTestId("missing-kind").getByText('"ir"').waitFor();
    await page.getByTestId("run").click();
    await notebook.output(0).getByText("here").waitFor();
  },
);

testInBrowser("the notebook changes its kernel while the server takes the notebook", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await using notebook = await openNotebook({ settings: { NOTEBOOK_DIR: directory } });
    const { page, server } = notebook;
    const kernelsOf = async (path: string): Promise<{ path: string; kernel: { name: string } }[]> =>
      await (await server.request("GET", path)).json();
    let starts = 0;
    await page.route("**/api/kernels", async (route) => {
      if (route.request().method() === "POST" && ++starts === 2) {
        while ((await kernelsOf("/api/sessions")).length === 0) await new Promise(setImmediate);
      }
      await route.continue();
    });
    // The file is not there before the change of the kernel has begun.
    const held = Promise.withResolvers<void>();
    await page.route("**/api/notebooks", async (route) => {
      await held.promise;
      await route.continue();
    });
    await notebook.run(0, "1 + 1");
    await page.getByTestId("kind").click();
    await page.getByTestId("kind-bash").click();
    await notebook.status("starting");
    held.resolve();
    await notebook.status("idle");
    await page.getByTestId("add-code").click();
    await notebook.run(1, "echo from $((40 + 2))");
    await notebook.output(1).getByText("from 42").waitFor();
    const kernels = await kernelsOf("/api/kernels");
    assert.equal(kernels.length, 1);
    const sessions = await kernelsOf("/api/sessions");
    assert.deepEqual(sessions.map(({ kernel }) => kernel.name), ["bash"]);
    assert.deepEqual(notebook.problems, []);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

for (const isLive of [false, true]) {
  const place = isLive ? "the server keeps it" : "this browser keeps it";
  testInBrowser(`the notebook changes its kernel while a cell runs when ${place}`, async () => {
    const directory = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${directory}/seen.txt`, "from the host");
      await using notebook = await openNotebook({
        settings: { MOUNT_ROOTS: directory, ...(isLive && { NOTEBOOK_DIR: directory }) },
      });
      const { page, server } = notebook;
      await notebook.write(0, "while True: print('.', end='', flush=True)");
      await page.keyboard.press("Control+Enter");
      await notebook.output(0).getByText("...").first().waitFor();
      await page.getByTestId("run-menu").click();
      await page.getByTestId("change-kernel").click();
      await page.getByTestId("kind-bash").click();
      await notebook.status("idle");
      await notebook.state(0, "idle");
      await notebook.output(0).getByText("...").first().waitFor();
      await page.getByTestId("add-code").click();
      await notebook.run(1, "for i in 1 2 3; do echo item-$i; done");
      await notebook.output(1).getByText("item-3").waitFor();
      await notebook.cell(1).locator(".tok-keyword", { hasText: "for" }).waitFor();
      const kernels = await (await server.request("GET", "/api/kernels")).json();
      assert.deepEqual(kernels.map(({ language }: { language: string }) => language), ["bash"]);

      await page.getByTestId("kind").click();
      await page.getByText("Packages, limits and folders").click();
      await page.getByLabel("Memory, in MiB").fill("384");
      await page.getByText("Add a folder of the server").click();
      await page.screenshot({ path: "coverage/screenshots/kernel_choice.png" });
      await page.getByTestId("kind-python").click();
      await notebook.status("idle");
      await page.getByTestId("kind").getByText("Python", { exact: true }).waitFor();
      await notebook.run(1, `print(open("/mnt/${directory.split("/").at(-1)}/seen.txt").read())`);
      await notebook.output(1).getByText("from the host").waitFor();
      const other = await server.json(201, "POST", "/api/kernels", { language: "python" });
      const [own] = await (await server.request("GET", "/api/kernels")).json();
      assert.equal(own.limits.memoryMiB, 384);
      await page.getByTestId("kind").click();
      await page.getByTestId("other-kernels").getByText(other.id.slice(0, 12)).click();
      await page.getByTestId("other-kernels").waitFor({ state: "detached" });
      await notebook.status("idle");
      await notebook.run(1, "print('attached')");
      await notebook.output(1).getByText("attached").waitFor();
      const after = await (await server.request("GET", "/api/kernels")).json();
      const ids = after.map(({ id }: { id: string }) => id);
      assert.deepEqual(ids, isLive ? [other.id] : [own.id, other.id]);
      assert.equal(after.at(-1).executionCount, 1);
      assert.deepEqual(notebook.problems, []);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  });
}
