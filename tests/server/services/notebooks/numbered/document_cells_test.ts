import assert from "node:assert/strict";
import { ServiceError } from "../../../../../server/errors/service_error.ts";
import { readNotebookJson } from "../../../../../server/services/notebooks/format/notebook_format.ts";
import { DocumentCells } from "../../../../../server/services/notebooks/numbered/document_cells.ts";
import { NumberedNotebook } from "../../../../../server/services/notebooks/numbered/numbered_notebook.ts";
import { SharedDocument } from "../../../../../server/services/notebooks/shared_document.ts";

/** Makes a document whose cells say these numbers in their metadata; undefined: none. */
function documentOf(...numbers: unknown[]): SharedDocument {
  const document = new SharedDocument();
  const cells = numbers.map((number, index) => ({
    ...{ id: `c${index}`, cell_type: "code", source: `x${index}`, outputs: [] },
    metadata: number === undefined ? {} : { jupycell: { number } },
  }));
  document.replace(readNotebookJson({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }), null);
  return document;
}

function numbersOf(document: SharedDocument): number[] {
  return new DocumentCells(document).cells.map(({ number }) => number);
}

Deno.test("DocumentCells gives a number of its own to each cell that says none, and keeps it", () => {
  using document = documentOf(1, undefined, 1, 2.5, "3", null, 9);
  assert.deepEqual(numbersOf(document), [1, 10, 11, 12, 13, 14, 9]);
  document.cells.delete(0);
  assert.deepEqual(numbersOf(document), [10, 11, 12, 13, 14, 9]);
  using hostile = documentOf(1, 1_000_000_000, 2 ** 53, 1e300, -5);
  assert.deepEqual(numbersOf(hostile), [1, 1_000_000_000, 2, 3, -5]);
  assert.deepEqual(numbersOf(hostile), [1, 1_000_000_000, 2, 3, -5]);
});

Deno.test("DocumentCells puts a cell after those of smaller numbers, wherever others have moved them", () => {
  using document = documentOf(1, 7, 3);
  const notebook = new NumberedNotebook(1, new DocumentCells(document));
  notebook.add(2, "a");
  notebook.add(5, "b");
  notebook.add(0, "c");
  assert.deepEqual(numbersOf(document), [0, 1, 2, 7, 3, 5]);
  assert.deepEqual(notebook.import({ nbformat: 4, cells: [{ cell_type: "markdown" }] }), [8]);
  assert.deepEqual(numbersOf(document), [0, 1, 2, 7, 3, 5, 8]);
  notebook.add(1_000_000_000, "d");
  assert.throws(
    () => notebook.import({ nbformat: 4, cells: [{ cell_type: "code" }] }),
    (error) => error instanceof ServiceError && error.code === "no_space",
  );
});
