import assert from "node:assert/strict";
import { ServiceError } from "../../../../../server/errors/service_error.ts";
import { NumberedNotebook } from "../../../../../server/services/notebooks/numbered/numbered_notebook.ts";

function notebook(sources: Record<number, string>): NumberedNotebook {
  const made = new NumberedNotebook(1);
  for (const [number, source] of Object.entries(sources)) made.add(Number(number), source);
  return made;
}

function run(it: NumberedNotebook, ...numbers: number[]): void {
  for (const number of numbers) {
    it.ran(it.find(number)!, { outputs: [`output ${number}`], executionCount: number });
  }
}

Deno.test("plan() runs the cells that a cell needs and that never ran, each once, also in a circle", () => {
  const chain = notebook({ 1: "a = 1", 2: "b = a", 3: "c = b", 4: "d = 1" });
  assert.deepEqual(chain.plan(3).numbers, [1, 2, 3]);
  const circle = notebook({ 1: "a = b", 2: "b = a" });
  assert.deepEqual(circle.plan(2).numbers, [1, 2]);
});

Deno.test("plan() runs again what used the cell, and only if that ran before", () => {
  const it = notebook({ 1: "a = 1", 2: "b = a", 3: "c = a" });
  run(it, 1, 2);
  it.edit(1, "a = 2");
  assert.deepEqual(it.plan(1).numbers, [1, 2]);
  run(it, 1, 2);
  assert.deepEqual(it.stale(), []);
  it.forgetRuns();
  assert.deepEqual(it.plan(2).numbers, [1, 2]);
});

Deno.test("ran() keeps outputs away from a cell that was edited or deleted meanwhile", () => {
  const it = notebook({ 1: "a = 1", 2: "b = 1" });
  const before = { ...it.find(1)! };
  it.edit(1, "a = 2");
  it.ran(before, { outputs: ["old"], executionCount: 1 });
  assert.deepEqual(it.find(1)!.outputs, []);
  assert.deepEqual(it.stale(), [1]);
  const deleted = it.find(2)!;
  it.delete(2);
  it.ran(deleted, { outputs: ["old"], executionCount: 1 });
  assert.deepEqual(it.cells.map(({ number }) => number), [1]);
});

Deno.test("a numbered notebook is bounded, and refuses as a whole", () => {
  const it = notebook({ 1: "a = 1" });
  const full = (error: unknown) => error instanceof ServiceError && error.code === "no_space";
  assert.throws(() => it.add(2, "x".repeat(5 * 2 ** 20)), full);
  const cell = { cell_type: "code", source: "1", metadata: {}, outputs: [] };
  const cells = Array.from({ length: 10_000 }, () => cell);
  assert.throws(() => it.import({ nbformat: 4, metadata: {}, cells }), full);
  assert.equal(it.cells.length, 1);
  const output = "x".repeat(9 * 2 ** 20);
  for (const number of [2, 3]) {
    it.add(number, "1");
    it.ran(it.find(number)!, { outputs: [output], executionCount: 1 });
  }
  assert.match(JSON.stringify(it.find(2)!.outputs), /outputs are left out here/);
  assert.deepEqual(it.find(3)!.outputs, [output]);
});
