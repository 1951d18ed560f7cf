import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { ExecutionStore } from "../../../../server/services/executions/store.ts";
import {
  type ExecutionRecord,
  withoutOutputs,
} from "../../../../server/apis/native/schemas/execution.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

const KEEP = { maxAgeMs: 3_600_000, maxCount: 100, maxBytes: 1e6 };

function execution(id: string, changes: Partial<ExecutionRecord> = {}): ExecutionRecord {
  return {
    id,
    kernelId: "k",
    code: "1",
    status: "queued",
    executionCount: null,
    outputs: [],
    outputsTruncated: false,
    result: null,
    error: null,
    usage: null,
    kernel: { statePreserved: true, restarted: false, reason: null },
    userExpressions: {},
    payload: [],
    lastEvent: 0,
    createdAt: new Date().toISOString(),
    startedAt: null,
    finishedAt: null,
    ...changes,
  };
}

function done(id: string, changes: Partial<ExecutionRecord> = {}): ExecutionRecord {
  return execution(id, { status: "ok", finishedAt: new Date().toISOString(), ...changes });
}

function add(store: ExecutionStore, record: ExecutionRecord, lines: string[] = []): void {
  store.insert(withoutOutputs(record));
  store.finish(record, { first: 1, lines });
}

Deno.test("ExecutionStore answers what was finished, with its outputs and events", () => {
  using store = new ExecutionStore(undefined, KEEP);
  const record = done("a", { outputs: [{ output_type: "stream", name: "stdout", text: "é\n" }] });
  add(store, record, ['{"seq":1}', '{"seq":2}']);
  assert.deepEqual(store.get("a"), record);
  assert.deepEqual(store.events("a"), { first: 1, lines: ['{"seq":1}', '{"seq":2}'] });
  assert(store.has("a"));
  assert(!store.has("b"));
  assert.equal(store.get("b"), undefined);
  assert.equal(store.events("b"), undefined);
});

Deno.test("ExecutionStore.list() chooses by kernel and status, the newest first", () => {
  using store = new ExecutionStore(undefined, KEEP);
  add(store, done("a"));
  add(store, done("b", { status: "error" }));
  add(store, done("c", { kernelId: "other" }));
  const ids = (query: Parameters<ExecutionStore["list"]>[0]) =>
    store.list(query).map(({ id }) => id);
  assert.deepEqual(ids({ limit: 10 }), ["c", "b", "a"]);
  assert.deepEqual(ids({ limit: 1 }), ["c"]);
  assert.deepEqual(ids({ limit: 10, kernelId: "k" }), ["b", "a"]);
  assert.deepEqual(ids({ limit: 10, status: "error" }), ["b"]);
});

Deno.test("ExecutionStore.prune() keeps the newest of those that are not too old", () => {
  using store = new ExecutionStore(undefined, { ...KEEP, maxCount: 2 });
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  add(store, done("old", { finishedAt: at(61) }));
  add(store, done("third", { finishedAt: at(3) }));
  add(store, done("second", { finishedAt: at(2) }));
  add(store, done("first", { finishedAt: at(1) }));
  store.insert(withoutOutputs(execution("running")));
  store.prune();
  assert.deepEqual(store.list({ limit: 10 }).map(({ id }) => id).sort(), [
    "first",
    "running",
    "second",
  ]);
});

Deno.test("ExecutionStore.finish() keeps the newest of more than there may be", () => {
  using store = new ExecutionStore(undefined, { ...KEEP, maxBytes: 10_000 });
  for (const id of ["a", "b", "c", "d"]) add(store, done(id), ["x".repeat(3_000)]);
  assert.deepEqual(store.list({ limit: 10 }).map(({ id }) => id), ["d", "c"]);
  add(store, done("large"), ["x".repeat(20_000)]);
  assert.deepEqual(store.list({ limit: 10 }), []);
});

Deno.test("ExecutionStore finds again what was finished before it was opened", async () => {
  await using directory = await temporaryDirectory();
  const record = done("a");
  {
    using store = new ExecutionStore(directory.path, KEEP);
    add(store, record, ['{"seq":1}']);
  }
  using store = new ExecutionStore(directory.path, KEEP);
  assert.deepEqual(store.get("a"), record);
  assert.deepEqual(store.events("a")?.lines, ['{"seq":1}']);
});

Deno.test("ExecutionStore reports as lost what was not finished", async () => {
  await using directory = await temporaryDirectory();
  {
    using store = new ExecutionStore(directory.path, KEEP);
    store.insert(withoutOutputs(execution("a", { status: "running" })));
  }
  using store = new ExecutionStore(directory.path, KEEP);
  const lost = store.get("a");
  assert.equal(lost?.status, "lost");
  assert.equal(lost?.error?.ename, "ExecutionLost");
  assert.equal(lost?.kernel.statePreserved, false);
  assert.notEqual(lost?.finishedAt, null);
  const [event] = store.events("a")!.lines.map((line) => JSON.parse(line));
  assert.deepEqual([event.seq, event.type, event.execution.status], [1, "done", "lost"]);
});

Deno.test("ExecutionStore refuses a file that another server uses", async () => {
  await using directory = await temporaryDirectory();
  using _store = new ExecutionStore(directory.path, KEEP);
  assert.throws(() => new ExecutionStore(directory.path, KEEP), /another server uses it/);
});

Deno.test("ExecutionStore refuses a file of a layout that it does not know", async () => {
  await using directory = await temporaryDirectory();
  const database = new DatabaseSync(`${directory.path}/executions.sqlite`);
  database.exec("PRAGMA user_version = 99");
  database.close();
  assert.throws(() => new ExecutionStore(directory.path, KEEP), /layout 99/);
});
