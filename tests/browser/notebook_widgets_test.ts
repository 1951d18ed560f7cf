/// <reference lib="dom" />
import assert from "node:assert/strict";
import { axeFaults } from "../support/axe.ts";
import { INSTALL_MS, openNotebook, testInBrowser } from "../support/browser.ts";
import { realPackages } from "../support/real_packages/real_packages.ts";

const { baseUrl, wheelsDir } = await realPackages();
const settings = { PYODIDE_PACKAGE_BASE_URL: baseUrl, PACKAGE_WHEELS_DIR: wheelsDir };

const WIDGETS = `import ipywidgets as w
from IPython.display import display
slider = w.IntSlider(value=3, description="n")
twin = w.IntText(description="twin")
link = w.jslink((slider, "value"), (twin, "value"))
out = w.Output()
button = w.Button(description="Go", icon="check")
clicks = 0
@button.on_click
def clicked(_):
    global clicks
    clicks += 1
    with out:
        print("clicked", clicks, "with", slider.value)
with out:
    print("in the widget")
choice = w.Dropdown(options=["red", "<b>blue</b>"], description="colour")
choice.observe(lambda change: print("chosen", change.new), "value")
bar = w.IntProgress(value=4, max=10)
display(w.VBox([slider, twin, button, choice, bar, out]))`;

testInBrowser("the notebook shows and moves widgets, and keeps their states", async () => {
  await using notebook = await openNotebook({ settings });
  const { page, output } = notebook;
  await notebook.write(0, WIDGETS);
  await page.keyboard.press("Control+Enter");
  const frame = output(0).frameLocator("iframe");
  const slider = frame.getByRole("slider").first();
  // ipywidgets is installed, and on a machine that has never had it, compiled.
  await slider.waitFor({ timeout: INSTALL_MS });
  await frame.getByText("in the widget").waitFor();
  assert.deepEqual(await output(0).locator(".output-stream").allInnerTexts(), []);

  await slider.press("ArrowRight");
  await frame.locator(".widget-readout").getByText("4", { exact: true }).waitFor();
  await page.getByTestId("add-code").click();
  await notebook.run(1, "slider.value, twin.value");
  await output(1).getByText("(4, 4)").waitFor();
  await frame.getByRole("button", { name: "Go" }).click();
  await frame.getByText("clicked 1 with 4").waitFor();
  await frame.getByRole("combobox").selectOption("<b>blue</b>");
  await output(0).getByText("chosen <b>blue</b>").waitFor();
  await notebook.run(1, "bar.value = 9; slider.value = 7; out.outputs");
  await frame.locator(".widget-readout").getByText("7", { exact: true }).waitFor();
  await output(1).getByText(/in the widget.*clicked 1 with 4/s).waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await notebook.screenshot("widgets");

  // Progress bars and controls that libraries make of widgets.
  await page.getByTestId("add-code").click();
  await notebook.write(
    2,
    'from tqdm.notebook import tqdm\nfor _ in tqdm(range(40), desc="rows"): pass\n' +
      "@w.interact(x=(0, 9))\ndef square(x=3): return x * x",
  );
  await page.keyboard.press("Control+Enter");
  const bar = output(2).frameLocator("iframe >> nth=0");
  await bar.getByText("rows: 100%").waitFor({ timeout: INSTALL_MS });
  await bar.getByText("40/40").waitFor();
  const square = output(2).frameLocator("iframe >> nth=1");
  await square.getByText("9", { exact: true }).first().waitFor();
  await square.getByRole("slider").press("ArrowRight");
  await square.getByText("16", { exact: true }).waitFor();
  await notebook.screenshot("widgets_more");

  await page.reload();
  await frame.locator(".widget-readout").getByText("7", { exact: true }).waitFor();
  await frame.getByText("clicked 1 with 4").waitFor();
  await frame.getByRole("button", { name: "Go" }).click();
  await frame.getByText("clicked 2 with 7").waitFor();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForTimeout(300);
  await notebook.screenshot("widgets_dark");

  await page.getByTestId("restart").click();
  await output(0).getByText("This widget is no longer live").waitFor();
  await notebook.screenshot("widgets_not_live");
  assert.deepEqual(notebook.problems, []);
  assert.deepEqual([...notebook.requested], [notebook.origin], "requests to elsewhere");
});
