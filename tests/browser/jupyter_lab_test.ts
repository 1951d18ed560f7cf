import assert from "node:assert/strict";
import { testInBrowser } from "../support/browser.ts";
import { startJupyterLab } from "../support/jupyter_lab.ts";

testInBrowser(
  "JupyterLab shows text, errors, tables and pictures, and answers input()",
  async () => {
    await using lab = await startJupyterLab();
    const { page } = lab;
    const notebook = await lab.open("a.ipynb", [
      "x = 40\nprint('hello')\nx + 2",
      "1 / 0",
      "from IPython.display import HTML, SVG, display\n" +
      'display(SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\'))\n' +
      "HTML('<b class=\"shown\">bold</b>')",
      "'got ' + input('name? ')",
    ]);
    await notebook.run(0);
    await notebook.output(0).getByText("42").waitFor();
    await notebook.output(0).getByText("hello").waitFor();
    await notebook.run(1);
    await notebook.output(1).getByText("ZeroDivisionError").first().waitFor();
    await notebook.run(2);
    await notebook.output(2).locator("b.shown").waitFor();
    await notebook.output(2).locator("svg, img").first().waitFor();
    await notebook.run(3);
    await notebook.cell(3).locator(".jp-Stdin-input").fill("ada");
    await page.keyboard.press("Enter");
    await notebook.output(3).getByText("'got ada'").waitFor();
  },
);

testInBrowser("JupyterLab interrupts, restarts and is told of a kernel that dies", async () => {
  await using lab = await startJupyterLab();
  const { page, server } = lab;
  const notebook = await lab.open("a.ipynb", [
    "x = 1\nwhile True: pass",
    "x",
    "import os\nos._exit(3)",
  ]);
  await notebook.run(0);
  await notebook.status("busy");
  await page.keyboard.press("Escape");
  await page.keyboard.press("i");
  await page.keyboard.press("i");
  await notebook.output(0).getByText("KeyboardInterrupt").first().waitFor();
  await notebook.status("idle");
  await notebook.run(1);
  await notebook.output(1).getByText("1", { exact: true }).waitFor();
  await page.getByRole("menuitem", { name: "Kernel", exact: true }).click();
  await page.getByRole("menuitem", { name: "Restart Kernel…" }).click();
  await page.locator(".jp-Dialog-button.jp-mod-warn").click();
  await notebook.status("idle");
  await notebook.run(1);
  await notebook.output(1).getByText("NameError").first().waitFor();
  assert.equal(server.kernels.listKernels().length, 1);
  await notebook.run(2);
  await page.getByText(/appears to have died|Kernel Restarting/).first().waitFor();
});

testInBrowser(
  "a reloaded JupyterLab shows that a cell still runs, and goes on with it",
  async () => {
    await using lab = await startJupyterLab();
    const { page } = lab;
    const notebook = await lab.open("a.ipynb", ["while True: pass", "'after'"]);
    await page.keyboard.press("Control+s");
    await notebook.run(0);
    await notebook.status("busy");
    await page.reload();
    await notebook.status("busy");
    // The indicator would become idle with the first status that says so.
    await page.waitForTimeout(1_500);
    await notebook.status("busy");
    await page.getByRole("menuitem", { name: "Kernel", exact: true }).click();
    await page.getByRole("menuitem", { name: "Interrupt Kernel" }).click();
    await notebook.status("idle");
    await notebook.run(1);
    await notebook.output(1).getByText("'after'").waitFor();
  },
);

testInBrowser("two notebooks of JupyterLab have a kernel each", async () => {
  await using lab = await startJupyterLab();
  const first = await lab.open("a.ipynb", ["x = 'of the first'", "x"]);
  await first.run(0);
  await first.run(1);
  await first.output(1).getByText("'of the first'").waitFor();
  const second = await lab.open("b.ipynb", ["'x' in globals()"]);
  await second.run(0);
  await second.output(0).getByText("False").waitFor();
  assert.equal(lab.server.kernels.listKernels().length, 2);
});

testInBrowser("JupyterLab debugs a cell: a breakpoint, variables, a step", async () => {
  await using lab = await startJupyterLab();
  const { page } = lab;
  const notebook = await lab.open("a.ipynb", ["def f(n):\n    m = n + 1\n    return m\nf(41)"]);
  // JupyterLab forgets a click that comes before the kernel has told that it can be debugged.
  await notebook.run(0);
  await notebook.output(0).getByText("42").waitFor();
  await notebook.panel.locator('[title="Enable Debugger"]').first().click();
  const sidebar = page.locator(".jp-DebuggerSidebar");
  // The list of the kernel's sources comes when the debugger has been started.
  await sidebar.getByText("asyncio.tasks").waitFor({ state: "attached" });
  // The first element of the gutter only gives the gutter its width.
  await notebook.cell(0).locator(".cm-gutter.cm-breakpoint-gutter .cm-gutterElement").nth(2)
    .click();
  await sidebar.getByText("/tmp/deno_kernel/").first().waitFor();
  await notebook.run(0);
  await sidebar.getByText("41", { exact: true }).first().waitFor();
  await sidebar.locator('[title^="Next"]').first().click();
  await sidebar.getByText("42", { exact: true }).first().waitFor();
  await sidebar.locator('[title^="Continue"]').first().click();
  await notebook.output(0).getByText("42").waitFor();
});
