import assert from "node:assert/strict";
import { notebookText } from "../../../../../server/services/notebooks/format/notebook_text.ts";

Deno.test("notebookText() indents a notebook as Jupyter does", () => {
  const notebook = { cells: [{ source: "1", outputs: [] }], metadata: {}, nbformat: 4 };
  assert.equal(notebookText(notebook), `${JSON.stringify(notebook, null, 1)}\n`);
});

Deno.test("notebookText() leaves out indentation that would be many times the content", () => {
  let nested: unknown = Array(1_000).fill(0);
  for (let i = 0; i < 120; i++) nested = [nested];
  const notebook = { cells: [], metadata: { nested } };
  const text = notebookText(notebook);
  assert.deepEqual(JSON.parse(text), notebook);
  assert(text.length < 8 * JSON.stringify(notebook).length, String(text.length));
});
