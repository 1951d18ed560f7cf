import assert from "node:assert/strict";
import { executionLines, result } from "../../../../server/apis/e2b/execution_lines.ts";
import type { FollowedLine } from "../../../../server/services/executions/event_log.ts";

async function* lines(...events: object[]): AsyncGenerator<FollowedLine> {
  for (const event of events) yield await Promise.resolve({ json: JSON.stringify(event) });
}

async function types(...events: object[]): Promise<unknown[]> {
  const found = [];
  for await (const { json } of executionLines(lines(...events))) found.push(JSON.parse(json));
  return found;
}

Deno.test("result() gives each format its field, and the others to extra", () => {
  const data = { "text/plain": "'a'", "image/png": "x", "e2b/chart": { type: "pie" }, "a/b": 1 };
  assert.deepEqual(result(data, true), {
    type: "result",
    is_main_result: true,
    text: "a",
    png: "x",
    chart: { type: "pie" },
    extra: { "a/b": 1 },
  });
  for (const [text, shown] of [["'", "'"], [`"it's"`, "it's"], ["'a\"", "'a\""], ["1", "1"]]) {
    assert.equal(result({ "text/plain": text }, false)["text"], shown);
  }
});

Deno.test("executionLines() ends with end_of_execution, and reports an end without an exception", async () => {
  const end = { type: "end_of_execution" };
  const done = (status: string, error: unknown = null) => ({
    type: "done",
    execution: { status, error },
  });
  assert.deepEqual(await types({ type: "execute_input", executionCount: 3 }, done("ok")), [
    { type: "number_of_executions", execution_count: 3 },
    end,
  ]);
  const died = { ename: "KernelDied", evalue: "out of memory", traceback: ["a", "b"] };
  assert.deepEqual(await types(done("aborted", died)), [
    { type: "error", name: "KernelDied", value: "out of memory", traceback: "a\nb" },
    end,
  ]);
  const raised = { type: "execute_error", ename: "E", evalue: "v", traceback: ["t"] };
  assert.deepEqual(await types(raised, done("error", died)), [
    { type: "error", name: "E", value: "v", traceback: "t" },
    end,
  ]);
  const [lost] = await types(done("lost")) as { name: string }[];
  assert.equal(lost?.name, "UnexpectedEndOfExecution");
});
