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

Deno.test("remove() and undo() leave the others as they were", () => {
  const notebook = notebookOf("a", "b", "c");
  notebook.selectBeside(1);
  notebook.remove(notebook.selected.value!);
  assert.deepEqual(sourcesOf(notebook), ["a", "c"]);
  assert.equal(notebook.selected.value?.source.value, "c");
  notebook.undo();
  assert.deepEqual(sourcesOf(notebook), ["a", "b", "c"]);
  notebook.undo();
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

Deno.test("split() and merge() keep every line", () => {
  const notebook = notebookOf("one\ntwo\nthree");
  notebook.split(notebook.selected.value!, "one\n".length);
  assert.deepEqual(sourcesOf(notebook), ["one", "two\nthree"]);
  assert.deepEqual([notebook.selected.value?.source.value, notebook.mode.value], [
    "two\nthree",
    "edit",
  ]);
  notebook.select(notebook.cells.value[0]!);
  notebook.merge();
  assert.deepEqual(sourcesOf(notebook), ["one\ntwo\nthree"]);
  notebook.select(notebook.cells.value[0]!);
  notebook.merge();
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

Deno.test("setType() keeps the outputs for when the cell is code again", () => {
  const notebook = notebookOf("a");
  const cell = notebook.selected.value!;
  const output = { output_type: "stream", name: "stdout", text: "x" } as const;
  cell.executionCount.value = 3;
  cell.outputs.value = [output];
  notebook.setType([cell], "markdown");
  notebook.setType([cell], "code");
  assert.deepEqual([cell.outputs.value, cell.executionCount.value], [[output], 3]);
});

Deno.test("undo() and redo() go through edits of text and of cells in order", () => {
  const notebook = notebookOf("a", "b");
  const [first] = notebook.cells.value;
  const output = { output_type: "stream", name: "stdout", text: "x" } as const;
  notebook.edit(first!, "a1");
  notebook.edit(first!, "a12");
  notebook.rename("New title");
  notebook.move(1);
  notebook.setType([first!], "markdown");
  notebook.clearOutputs(first!);
  notebook.select(notebook.cells.value[0]!);
  notebook.merge();
  first!.outputs.value = [output];
  const states: unknown[] = [];
  const note = () =>
    states.push([sourcesOf(notebook), notebook.title.value, first!.type.value].flat());
  note();
  for (let step = 0; step < 6; step++) {
    notebook.undo();
    note();
  }
  assert.deepEqual(states, [
    ["b\na12", "New title", "markdown"],
    ["b", "a12", "New title", "markdown"],
    ["b", "a12", "New title", "code"],
    ["a12", "b", "New title", "code"],
    ["a12", "b", "Title", "code"],
    ["a", "b", "Title", "code"],
    ["a", "b", "Title", "code"],
  ]);
  // Undoing an edit keeps the outputs of a run that came after the edit.
  assert.deepEqual(first!.outputs.value, [output]);
  for (let step = 0; step < 6; step++) notebook.redo();
  assert.deepEqual(sourcesOf(notebook), ["b\na12"]);
  notebook.undo();
  notebook.edit(first!, "other");
  notebook.redo();
  assert.deepEqual(sourcesOf(notebook), ["b", "other"]);
});

Deno.test("extend() selects several cells, which are moved, copied, joined and removed together", () => {
  const notebook = notebookOf("a", "b", "c", "d");
  notebook.selectBeside(1);
  notebook.extend(1);
  assert.deepEqual(notebook.selection.value.map(({ source }) => source.value), ["b", "c"]);
  notebook.move(1);
  assert.deepEqual(sourcesOf(notebook), ["a", "d", "b", "c"]);
  notebook.move(1);
  notebook.move(-1);
  notebook.move(-1);
  assert.deepEqual(sourcesOf(notebook), ["b", "c", "a", "d"]);
  notebook.copy();
  notebook.paste();
  assert.deepEqual(sourcesOf(notebook), ["b", "c", "b", "c", "a", "d"]);
  assert.equal(new Set(notebook.cells.value.map(({ id }) => id)).size, 6);
  notebook.selectAll();
  notebook.merge();
  assert.deepEqual(sourcesOf(notebook), ["b\nc\nb\nc\na\nd"]);
  notebook.undo();
  notebook.select(notebook.cells.value[0]!);
  notebook.extendTo(notebook.cells.value[3]!);
  notebook.cut();
  assert.deepEqual(sourcesOf(notebook), ["a", "d"]);
});

Deno.test("undo() keeps what somebody else has changed since", () => {
  const notebook = notebookOf("x = 1", "b");
  const [first, second] = notebook.cells.value;
  notebook.edit(first!, "x = 12");
  notebook.remove(second!);
  notebook.follow(() => {
    first!.source.value = "# theirs\nx = 12";
    notebook.arrange([...notebook.cells.peek(), createCell("code", { source: "theirs" })]);
  });
  notebook.undo();
  assert.deepEqual(sourcesOf(notebook), ["# theirs\nx = 12", "theirs", "b"]);
  notebook.undo();
  assert.deepEqual(sourcesOf(notebook), ["# theirs\nx = 1", "theirs", "b"]);
  notebook.redo();
  assert.deepEqual(sourcesOf(notebook), ["# theirs\nx = 12", "theirs", "b"]);
});
