import assert from "node:assert/strict";
import {
  notebookDependencies,
} from "../../../../../server/services/notebooks/dependencies/dependencies.ts";
import { staleCells } from "../../../../../server/services/notebooks/dependencies/stale.ts";

/** Makes cells named a, b, c, … of these sources. */
function cellsOf(...sources: string[]) {
  return sources.map((source, index) => ({ id: "abcdefghij"[index]!, source }));
}

function needsOf(...sources: string[]): Record<string, string> {
  const { cells } = notebookDependencies(cellsOf(...sources));
  return Object.fromEntries(
    [...cells].map(([id, { needs }]) => [
      id,
      [...needs].map(([from, names]) => `${from}:${[...names].join()}`).join(" "),
    ]),
  );
}

Deno.test("notebookDependencies() takes a name from the nearest cell above that defines or changes it", () => {
  assert.deepEqual(needsOf("x = 1", "x.append(2)", "print(x)", "x = 5", "x"), {
    a: "",
    b: "a:x",
    c: "b:x",
    d: "",
    e: "d:x",
  });
});

Deno.test("notebookDependencies() takes a name from below when no cell above has it", () => {
  assert.deepEqual(needsOf("def f(): return y", "y = 1", "f()"), { a: "b:y", b: "", c: "a:f" });
});

Deno.test("notebookDependencies() names cycles and names that are defined twice", () => {
  const { cycles, redefinitions, order } = notebookDependencies(
    cellsOf("x = y", "y = x", "z = 1", "z = 2"),
  );
  assert.deepEqual(cycles, [["a", "b"]]);
  assert.deepEqual(redefinitions, [{ name: "z", cells: ["c", "d"] }]);
  assert.deepEqual(order, ["a", "b", "c", "d"]);
});

Deno.test("notebookDependencies() orders cells after those that they need, also thousands", () => {
  const { order } = notebookDependencies(cellsOf("print(b)", "b = c", "c = 1"));
  assert.deepEqual(order, ["c", "b", "a"]);
  const chain = Array.from({ length: 5_000 }, (_, i) => ({
    id: `${i}`,
    source: `x${i} = x${i + 1}`,
  }));
  assert.equal(notebookDependencies(chain).order[0], "4999");
});

Deno.test("staleCells() names what was changed or needs what was run later, in the order to run", () => {
  const cells = cellsOf("x = 1", "y = x", "print(y)", "other = 1", "never = x");
  const dependencies = notebookDependencies(cells);
  const runs = new Map(["a", "b", "c", "d"].map((id, index) => [
    id,
    { source: cells[index]!.source, order: index },
  ]));
  assert.deepEqual(staleCells(cells, dependencies, runs), []);
  runs.set("a", { source: "x = 1", order: 9 });
  assert.deepEqual(staleCells(cells, dependencies, runs), ["b", "c"]);
  runs.set("b", { source: "y = x", order: 10 });
  assert.deepEqual(staleCells(cells, dependencies, runs), ["c"]);
  const edited = cellsOf("x = 2", "y = x", "print(y)", "other = 1", "never = x");
  assert.deepEqual(staleCells(edited, notebookDependencies(edited), runs), ["a", "b", "c"]);
});
