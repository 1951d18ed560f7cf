import assert from "node:assert/strict";
import { libraryAt } from "../../../../server/ui/frames/libraries.ts";

Deno.test("libraryAt() knows libraries by the files that pages load them from", () => {
  const known = {
    "https://cdn.plot.ly/plotly-3.0.1.min.js": "plotly",
    "https://cdn.plot.ly/plotly-latest.min.js": "plotly",
    "https://cdn.jsdelivr.net/npm/vega@5": "vega",
    "https://cdn.jsdelivr.net/npm/vega-lite@5.20.1": "vega",
    "https://cdn.jsdelivr.net/npm/vega-embed@6/build/vega-embed.min.js": "vega",
    "https://cdn.bokeh.org/bokeh/release/bokeh-3.9.2.min.js": "bokeh",
    "https://cdn.bokeh.org/bokeh/release/bokeh-widgets-3.9.2.min.js": "bokeh",
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.css": "leaflet",
    "//cdn.example/Leaflet.awesome-markers/2.0.2/leaflet.awesome-markers.js?v=1": "leaflet",
    "https://code.jquery.com/jquery-3.7.1.min.js": "jquery",
  };
  for (const [address, name] of Object.entries(known)) assert.equal(libraryAt(address), name);
});

Deno.test("libraryAt() knows no library by a name that is only like one", () => {
  for (const file of ["jquery-ui.min.js", "leaflet.markercluster.js", "vega-tooltip@1", "a/", ""]) {
    assert.equal(libraryAt(`https://cdn.example/${file}`), undefined, file);
  }
  assert.equal(libraryAt("https://["), undefined);
});
