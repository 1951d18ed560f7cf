/// <reference lib="dom" />
import assert from "node:assert/strict";
import { axeFaults } from "../support/axe.ts";
import { openNotebook, testInBrowser, testNotebook as test } from "../support/browser.ts";
import { openWithOutputs } from "../support/notebook_file.ts";
import { temporaryDirectory } from "../support/mod.ts";

const PLOTLY = `from IPython.display import display
display({
    "application/vnd.plotly.v1+json": {
        "data": [{"type": "bar", "x": ["a", "b"], "y": [1, 3]}],
        "layout": {"title": {"text": "Bars"}, "height": 320},
    },
    "text/plain": "a figure",
}, raw=True)`;

const VEGA = `display({
    "application/vnd.vegalite.v5+json": {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": [{"x": "A", "y": 28}, {"x": "B", "y": 55}]},
        "mark": "bar",
        "encoding": {
            "x": {"field": "x", "type": "nominal"},
            "y": {"field": "y", "type": "quantitative"},
        },
    },
    "text/plain": "a chart",
}, raw=True)`;

/** The states of a slider and of what belongs to it, as notebooks are saved with them. */
const WIDGETS = {
  version_major: 2,
  version_minor: 0,
  state: {
    slider: model("controls", "IntSliderModel", {
      ...{ description: "n", value: 42, min: 0, max: 100, step: 1 },
      ...{ layout: "IPY_MODEL_layout", style: "IPY_MODEL_style" },
      ...{ _view_module: "@jupyter-widgets/controls", _view_module_version: "2.0.0" },
      _view_name: "IntSliderView",
    }),
    layout: model("base", "LayoutModel", {}),
    style: model("controls", "SliderStyleModel", { description_width: "" }),
  },
};

function model(module: string, name: string, state: object) {
  return {
    model_module: `@jupyter-widgets/${module}`,
    model_module_version: "2.0.0",
    model_name: name,
    state,
  };
}

test("draws figures of Plotly, Vega and Bokeh, and folium's maps, from local scripts", async (notebook) => {
  const { page, output } = notebook;
  await notebook.run(0, PLOTLY);
  await output(0).frameLocator("iframe").locator(".main-svg .point").first().waitFor();
  await page.getByTestId("add-code").click();
  await notebook.run(1, VEGA);
  await output(1).frameLocator("iframe").locator("svg.marks path").first().waitFor();
  await page.waitForTimeout(300);
  await notebook.screenshot("figures");

  // The outputs that `output_notebook()` and `show()` of Bokeh, and a map of folium, have made elsewhere.
  const recorded = ["bokeh", "folium"].map(async (name) => {
    const file = new URL(`outputs/${name}.json`, import.meta.url);
    return JSON.parse(await Deno.readTextFile(file)) as unknown[];
  });
  await openWithOutputs(notebook, (await Promise.all(recorded)).flat());
  await output(0).getByText("drawn with the BokehJS of this page").waitFor();
  await output(0).frameLocator("iframe >> nth=0").locator("canvas").first().waitFor();
  const map = output(0).frameLocator("iframe >> nth=1").frameLocator("iframe");
  await map.locator("img.leaflet-marker-icon").waitFor();
  await map.locator(".awesome-marker-icon-red").waitFor();
  await map.locator("path.leaflet-interactive").waitFor();
  await output(0).getByText("Outputs reach no network").waitFor();
  await notebook.screenshot("bokeh_and_map");
});

testInBrowser("a saved notebook is shown without a kernel, and cannot be changed", async () => {
  await using directory = await temporaryDirectory();
  await Deno.mkdir(`${directory.path}/reports`);
  await Deno.writeTextFile(
    `${directory.path}/reports/may 1.ipynb`,
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { widgets: { "application/vnd.jupyter.widget-state+json": WIDGETS } },
      cells: [
        { id: "a", cell_type: "markdown", metadata: {}, source: "# May" },
        {
          id: "b",
          cell_type: "code",
          metadata: {},
          source: "print('hello')",
          execution_count: 3,
          outputs: [{ output_type: "stream", name: "stdout", text: "hello\n" }, {
            output_type: "display_data",
            metadata: {},
            data: {
              "application/vnd.jupyter.widget-view+json": { model_id: "slider" },
              "text/plain": "IntSlider(value=42)",
            },
          }, {
            output_type: "display_data",
            metadata: {},
            data: {
              "application/vnd.jupyter.widget-view+json": { model_id: "unknown" },
              "text/plain": "IntSlider(value=43)",
            },
          }],
        },
      ],
    }),
  );
  await using notebook = await openNotebook({ settings: { NOTEBOOK_DIR: directory.path } });
  const { page, origin, server } = notebook;
  await page.goto(`${origin}/view/reports/may%201.ipynb`);
  await page.getByRole("heading", { name: "May", exact: true }).waitFor();
  await page.getByText("hello", { exact: true }).waitFor();
  await page.locator(".static-code .tok-string").waitFor();
  const widget = page.frameLocator("iframe");
  await widget.locator(".widget-readout").getByText("42", { exact: true }).waitFor();
  await page.getByText("connected to no kernel").first().waitFor();
  await page.getByText("IntSlider(value=43)").waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await page.screenshot({ path: "coverage/screenshots/view.png" });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 400, height: 800 });
  assert.deepEqual(await axeFaults(page), []);
  await page.screenshot({ path: "coverage/screenshots/view_narrow_dark.png" });
  assert.equal(await page.locator(".cm-editor").count(), 0);
  assert.equal(server.kernels.listKernels().length, 0);
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByTestId("cell-1").locator(".cm-content").waitFor();
  assert.equal(await page.getByTestId("title").inputValue(), "may 1");
  await page.goto(`${origin}/view/none.ipynb`);
  await page.getByText("Cannot find notebook").waitFor();

  const { link } = await server.json(201, "POST", "/api/apps", { path: "reports/may 1.ipynb" });
  await page.goto(`${origin}${link}`);
  await page.getByRole("heading", { name: "May", exact: true }).waitFor();
  await page.getByText("hello", { exact: true }).waitFor();
  assert.doesNotMatch(await page.locator("main").innerText(), /print/);
  assert.deepEqual(await axeFaults(page), []);
  const ids = () => server.kernels.listKernels().map(({ id }) => id);
  assert.match(ids().join(), /^apps:/);
  await page.goto(`${origin}/view/none.ipynb`);
  while (ids().length > 0) await page.waitForTimeout(20);
  assert.deepEqual(notebook.problems, []);
});
