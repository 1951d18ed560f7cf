import assert from "node:assert/strict";
import { elementsOf } from "../../../../server/ui/frames/bokeh_view.tsx";

Deno.test("elementsOf() finds the elements of a document's roots, and nothing else", () => {
  const script = `const docs_json = {"d":{"roots":[{"id":"p1"}],"title":"\\"roots\\":{}"}};
    const render_items = [{"docid":"d","roots":{"p1":"one","p2":"two"},"root_ids":["p1","p2"]}];`;
  assert.deepEqual(elementsOf(script), ["one", "two"]);
  assert.deepEqual(elementsOf(`{"roots":{}}`), []);
});
