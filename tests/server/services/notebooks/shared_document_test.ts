import assert from "node:assert/strict";
import * as Y from "yjs";
import { readNotebookJson } from "../../../../server/services/notebooks/format/notebook_format.ts";
import { setSource, sourceOf } from "../../../../server/services/notebooks/shared_cell.ts";
import { SharedDocument } from "../../../../server/services/notebooks/shared_document.ts";

function notebookOf(...sources: [id: string, source: string][]) {
  return readNotebookJson({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { title: "kept" },
    other: [1],
    cells: sources.map(([id, source]) => ({
      id,
      cell_type: "code",
      source,
      metadata: {},
      mine: { a: 1 },
      outputs: [{ output_type: "stream", name: "stdout", text: ["a\n", "b"] }, 7, { odd: true }],
    })),
  });
}

/** Makes two documents that have the same content, and a function that brings them together again. */
function pair() {
  const [a, b] = [new SharedDocument(), new SharedDocument()];
  a.replace(notebookOf(["a", "x = 1"], ["b", "y = 2"], ["c", "z = 3"]), null);
  const exchange = () => {
    const [ofA, ofB] = [Y.encodeStateAsUpdate(a.ydoc), Y.encodeStateAsUpdate(b.ydoc)];
    Y.applyUpdate(a.ydoc, ofB);
    Y.applyUpdate(b.ydoc, ofA);
  };
  exchange();
  return { a, b, exchange };
}

function sources({ notebook }: SharedDocument): string[] {
  return notebook.cells.map(({ source }) => source);
}

Deno.test("SharedDocument has everything that it was given", () => {
  using document = new SharedDocument();
  const notebook = notebookOf(["a", "x"], ["b", "y"]);
  document.replace(notebook, null);
  assert.deepEqual(document.notebook, notebook);
});

Deno.test("SharedDocument merges what two write in one cell at once", () => {
  const { a, b, exchange } = pair();
  setSource(a.find("a")!, "first = 1");
  setSource(b.find("a")!, "x = 100");
  exchange();
  assert.deepEqual(sources(a), ["first = 100", "y = 2", "z = 3"]);
  assert.deepEqual(sources(a), sources(b));
});

Deno.test("SharedDocument.replaceCells() keeps the shared texts of cells that stay", () => {
  const { a, b, exchange } = pair();
  // The first cell moves to the end, one is new, and the others stay what they are.
  a.replaceCells(notebookOf(["n", "new"], ["b", "y = 2"], ["c", "z = 3"], ["a", "x = 1"]).cells);
  setSource(b.find("b")!, "y = 2000");
  setSource(b.find("c")!, "zz = 3");
  exchange();
  assert.deepEqual(sources(a), ["new", "y = 2000", "zz = 3", "x = 1"]);
  assert.deepEqual(sources(b), sources(a));
});

Deno.test("SharedDocument.move() moves a cell with its run", () => {
  const { a } = pair();
  a.find("c")!.set("execution_id", "e1");
  a.move("c", 0);
  assert.deepEqual(a.notebook.cells.map(({ id }) => id), ["c", "a", "b"]);
  assert.equal(a.find("c")!.get("execution_id"), "e1");
});

Deno.test("SharedDocument reads nothing that is no cell", () => {
  const { a } = pair();
  a.cells.insert(0, [7, "text", new Y.Array(), new Y.Map([["id", 3]])]);
  assert.deepEqual(sources(a), ["x = 1", "y = 2", "z = 3"]);
});

Deno.test("setSource() keeps whole characters", () => {
  const { a, b, exchange } = pair();
  setSource(a.find("a")!, "😀😀");
  exchange();
  setSource(a.find("a")!, "😀😁");
  exchange();
  assert.equal(sourceOf(b.find("a")!), "😀😁");
});
