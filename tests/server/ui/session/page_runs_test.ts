import assert from "node:assert/strict";
import { type Cell, createCell } from "../../../../server/ui/notebook/cell.ts";
import { PageRuns } from "../../../../server/ui/session/page_runs.ts";
import { settle } from "../../../../server/ui/session/runs.ts";

/** Runs whose ends the test decides. */
function makeRuns() {
  const running: { cell: Cell; end: (succeeded: boolean) => void }[] = [];
  const begun = [] as string[];
  const runs = new PageRuns({
    ended: () => Promise.resolve(),
    execute(cell) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      begun.push(cell.id);
      cell.executionId.value = crypto.randomUUID();
      cell.state.value = "running";
      running.push({
        cell,
        end(succeeded) {
          cell.executionId.value = null;
          settle(cell);
          resolve(succeeded);
        },
      });
      return promise;
    },
  });
  async function end(succeeded: boolean): Promise<void> {
    await settled();
    running.shift()!.end(succeeded);
    await settled();
  }
  return { runs, begun, end };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function statesOf(...cells: Cell[]): unknown[] {
  return cells.map(({ state, runsAgain }) => runsAgain.peek() ? "again" : state.peek());
}

Deno.test("PageRuns.run() runs a cell once more that runs, and a cell that waits once", async () => {
  const { runs, begun, end } = makeRuns();
  const [a, b] = [createCell("code", { id: "a" }), createCell("code", { id: "b" })];
  const first = runs.run(a);
  const other = runs.run(b);
  await settled();
  const again = runs.run(a);
  assert.equal(runs.run(a), again);
  assert.equal(runs.run(b), other);
  assert.deepEqual(statesOf(a, b), ["again", "queued"]);
  await end(true);
  assert.deepEqual(statesOf(a, b), ["queued", "running"]);
  await end(true);
  await end(false);
  assert.deepEqual(begun, ["a", "b", "a"]);
  assert.deepEqual(await Promise.all([first, other, again]), [true, true, false]);
  assert.deepEqual(statesOf(a, b), ["idle", "idle"]);
});

Deno.test("PageRuns.run() drops what waits when a cell fails", async () => {
  const { runs, begun, end } = makeRuns();
  const [a, b] = [createCell("code", { id: "a" }), createCell("code", { id: "b" })];
  const outcomes = [runs.run(a), runs.run(b)];
  await settled();
  outcomes.push(runs.run(a));
  await end(false);
  assert.deepEqual(await Promise.all(outcomes), [false, false, false]);
  assert.deepEqual([begun, statesOf(a, b), runs.has(a)], [["a"], ["idle", "idle"], false]);
});

Deno.test("PageRuns.resume() runs what waited in an earlier visit after what ran then", async () => {
  const { runs, begun, end } = makeRuns();
  const [a, b] = [createCell("code", { id: "a" }), createCell("code", { id: "b" })];
  const earlier = Promise.withResolvers<boolean>();
  a.executionId.value = "earlier";
  runs.resume([earlier.promise], [b, a]);
  assert.deepEqual(statesOf(a, b), ["again", "queued"]);
  await settled();
  assert.deepEqual(begun, []);
  a.executionId.value = null;
  settle(a);
  earlier.resolve(true);
  await end(true);
  await end(true);
  assert.deepEqual(begun, ["b", "a"]);
});
