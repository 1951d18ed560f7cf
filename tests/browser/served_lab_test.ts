/// <reference lib="dom" />
import assert from "node:assert/strict";
import { INSTALL_MS, testInBrowser } from "../support/browser.ts";
import { serveJupyterLab } from "../support/jupyter_lab.ts";
import { realPackages } from "../support/real_packages/real_packages.ts";

const { baseUrl, wheelsDir } = await realPackages();

/** The smallest picture, red. */
const PICTURE =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==";

testInBrowser("the server's own JupyterLab runs, moves a widget, shows and saves", async () => {
  await using lab = await serveJupyterLab({
    PYODIDE_PACKAGE_BASE_URL: baseUrl,
    PACKAGE_WHEELS_DIR: wheelsDir,
  });
  const { page, directory, server } = lab;
  const main = await server.listen();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("response", (it) => {
    if (it.status() >= 400) faults.push(`${it.status()} ${new URL(it.url()).pathname}`);
  });
  await Deno.writeFile(`${directory}/picture.png`, Uint8Array.fromBase64(PICTURE));
  const notebook = await lab.open("a.ipynb", [
    "x = 40\nprint('hello')\nx + 2",
    "import ipywidgets\nslider = ipywidgets.IntSlider(value=3)\nslider",
    "slider.value",
    `from IPython.display import HTML
HTML("""<b id=told></b><script>
fetch("${main}/api/kernels", {method: "POST", body: "{}"}).then(() => "reached", () => "refused")
  .then((it) => document.getElementById("told").append(it));
</script>""")`,
  ]);
  await notebook.run(0);
  await notebook.output(0).getByText("42").waitFor();
  await notebook.output(0).getByText("hello").waitFor();

  await notebook.run(1);
  // ipywidgets is installed, and on a machine that has never had it, compiled.
  const slider = notebook.output(1).getByRole("slider");
  await slider.waitFor({ timeout: INSTALL_MS });
  await slider.press("ArrowRight");
  await notebook.output(1).locator(".widget-readout").getByText("4", { exact: true }).waitFor();
  await notebook.run(2);
  await notebook.output(2).getByText("4", { exact: true }).waitFor();

  // Scripts run in the page, which reaches no other port.
  await notebook.run(3);
  await notebook.output(3).getByText("refused").waitFor();
  assert.deepEqual(server.kernels.listKernels().map(({ id }) => id.split(":")[0]), ["lab"]);

  await page.keyboard.press("Escape");
  await page.keyboard.press("b");
  await page.keyboard.press("m");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("![red](picture.png)");
  await page.keyboard.press("Shift+Enter");
  const image = notebook.panel.locator('.jp-MarkdownCell img[alt="red"]');
  await image.waitFor();
  await page.waitForFunction(
    () => document.querySelector<HTMLImageElement>('.jp-MarkdownCell img[alt="red"]')?.naturalWidth,
  );

  const saved = page.waitForResponse((it) =>
    it.request().method() === "PUT" && it.url().includes("/api/contents/a.ipynb")
  );
  await page.keyboard.press("Control+s");
  assert.equal((await saved).status(), 200);
  const { cells } = JSON.parse(await Deno.readTextFile(`${directory}/a.ipynb`));
  assert.deepEqual(cells[0].outputs[1].data["text/plain"], "42");
  const texts = cells.filter((it: { cell_type: string }) => it.cell_type === "markdown");
  assert.deepEqual(texts.map((it: { source: string }) => it.source), ["![red](picture.png)"]);
  assert.deepEqual(faults, []);
});
