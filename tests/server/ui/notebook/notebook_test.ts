import assert from "node:assert/strict";
import { createCell } from "../../../../server/ui/notebook/cell.ts";
import { Notebook } from "../../../../server/ui/notebook/notebook.ts";

function notebookOf(...sources: string[]): Notebook {
  const cells = sources.map((source) => createCell("code", { source }));
  return new Notebook("n", "Title", { metadata: {}, cells });
}

function sourcesOf({ cells }: Notebook): string[] {
  return cells.value.map(({ source }) => source.value);
}

Deno.test("insert() puts a cell beside the selected one and selects it", () => {
  const notebook = notebookOf("a", "b");
  notebook.insert("below", createCell("code", { source: "c" }));
  assert.deepEqual(sourcesOf(notebook), ["a", "c", "b"]);
  assert.equal(notebook.selected.value?.source.value, "c");
  notebook.insert("above", createCell("code", { source: "d" }));
  assert.deepEqual(sourcesOf(notebook), ["a", "d", "c", "b"]);
});

Deno.test("remove() and undoRemove() leave the others as they were", () => {
  const notebook = notebookOf("a", "b", "c");
  notebook.selectBeside(1);
  notebook.remove(notebook.selected.value!);
  assert.deepEqual(sourcesOf(notebook), ["a", "c"]);
  assert.equal(notebook.selected.value?.source.value, "c");
  notebook.undoRemove();
  assert.deepEqual(sourcesOf(notebook), ["a", "b", "c"]);
  notebook.undoRemove();
  assert.deepEqual(sourcesOf(notebook), ["a", "b", "c"]);
});

Deno.test("remove() leaves an empty cell when it was the last one", () => {
  const notebook = notebookOf("a");
  notebook.remove(notebook.selected.value!);
  assert.deepEqual(sourcesOf(notebook), [""]);
});

Deno.test("move() stops at the ends", () => {
  const notebook = notebookOf("a", "b");
  notebook.move(-1);
  assert.deepEqual(sourcesOf(notebook), ["a", "b"]);
  notebook.move(1);
  notebook.move(1);
  assert.deepEqual(sourcesOf(notebook), ["b", "a"]);
});

Deno.test("split() and mergeBelow() keep every line", () => {
  const notebook = notebookOf("one\ntwo\nthree");
  notebook.split(notebook.selected.value!, "one\n".length);
  assert.deepEqual(sourcesOf(notebook), ["one", "two\nthree"]);
  assert.deepEqual([notebook.selected.value?.source.value, notebook.mode.value], [
    "two\nthree",
    "edit",
  ]);
  notebook.mergeBelow(notebook.cells.value[0]!);
  assert.deepEqual(sourcesOf(notebook), ["one\ntwo\nthree"]);
  notebook.mergeBelow(notebook.cells.value[0]!);
  assert.equal(notebook.cells.value.length, 1);
});

Deno.test("paste() puts a copy that is a cell of its own", () => {
  const notebook = notebookOf("a");
  notebook.copy();
  notebook.paste();
  const [first, second] = notebook.cells.value;
  second!.source.value = "changed";
  assert.equal(first!.source.value, "a");
  assert.notEqual(first!.id, second!.id);
});

Deno.test("setType() drops what only code has", () => {
  const notebook = notebookOf("a");
  const cell = notebook.selected.value!;
  cell.executionCount.value = 3;
  cell.outputs.value = [{ output_type: "stream", name: "stdout", text: "x" }];
  notebook.setType(cell, "markdown");
  assert.deepEqual([cell.outputs.value, cell.executionCount.value], [[], null]);
});
