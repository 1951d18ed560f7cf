import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { outputsJson, summaryJson } from "../../../../server/services/executions/json.ts";
import {
  type ExecutionRecord,
  withoutOutputs,
} from "../../../../server/services/executions/record.ts";
import { SqliteExecutionStore } from "../../../../server/services/executions/sqlite_store.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

const KEEP = { maxAgeMs: 3_600_000, maxCount: 100, maxBytes: 1e6 };

function execution(id: string, changes: Partial<ExecutionRecord> = {}): ExecutionRecord {
  return {
    id,
    kernelId: "k",
    code: "1",
    origin: "native",
    tool: null,
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

async function add(
  store: SqliteExecutionStore,
  record: ExecutionRecord,
  lines: string[] = [],
): Promise<void> {
  const summary = withoutOutputs(record);
  await store.insert(summary);
  await store.finish(
    { record, summary: summaryJson(summary), outputs: outputsJson(record.outputs) },
    { first: 1, lines },
  );
}

Deno.test("SqliteExecutionStore answers what was finished, with its outputs and events", async () => {
  using store = new SqliteExecutionStore(undefined, KEEP);
  const record = done("a", { outputs: [{ output_type: "stream", name: "stdout", text: "é\n" }] });
  await add(store, record, ['{"seq":1}', '{"seq":2}']);
  assert.deepEqual(await store.get("a"), record);
  assert.deepEqual(await store.events("a"), { first: 1, lines: ['{"seq":1}', '{"seq":2}'] });
  assert(await store.has("a"));
  assert(!await store.has("b"));
  assert.equal(await store.get("b"), undefined);
  assert.equal(await store.events("b"), undefined);
});

Deno.test("SqliteExecutionStore.list() chooses by kernel and status, the newest first", async () => {
  using store = new SqliteExecutionStore(undefined, KEEP);
  await add(store, done("a"));
  await add(store, done("b", { status: "error" }));
  await add(store, done("c", { kernelId: "other" }));
  const ids = async (query: Parameters<SqliteExecutionStore["list"]>[0]) =>
    (await store.list(query)).map(({ id }) => id);
  assert.deepEqual(await ids({ limit: 10 }), ["c", "b", "a"]);
  assert.deepEqual(await ids({ limit: 1 }), ["c"]);
  assert.deepEqual(await ids({ limit: 10, kernelId: "k" }), ["b", "a"]);
  assert.deepEqual(await ids({ limit: 10, status: "error" }), ["b"]);
});

Deno.test("SqliteExecutionStore.prune() keeps the newest of those that are not too old", async () => {
  using store = new SqliteExecutionStore(undefined, { ...KEEP, maxCount: 2 });
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  await add(store, done("old", { finishedAt: at(61) }));
  await add(store, done("third", { finishedAt: at(3) }));
  await add(store, done("second", { finishedAt: at(2) }));
  await add(store, done("first", { finishedAt: at(1) }));
  await store.insert(withoutOutputs(execution("running")));
  store.prune();
  assert.deepEqual((await store.list({ limit: 10 })).map(({ id }) => id).sort(), [
    "first",
    "running",
    "second",
  ]);
});

Deno.test("SqliteExecutionStore.finish() keeps the newest of more than there may be", async () => {
  using store = new SqliteExecutionStore(undefined, { ...KEEP, maxBytes: 10_000 });
  for (const id of ["a", "b", "c", "d"]) await add(store, done(id), ["x".repeat(3_000)]);
  assert.deepEqual((await store.list({ limit: 10 })).map(({ id }) => id), ["d", "c"]);
  await add(store, done("large"), ["x".repeat(20_000)]);
  assert.deepEqual(await store.list({ limit: 10 }), []);
});

Deno.test("SqliteExecutionStore finds again what was finished before it was opened", async () => {
  await using directory = await temporaryDirectory();
  const record = done("a");
  {
    using store = new SqliteExecutionStore(directory.path, KEEP);
    await add(store, record, ['{"seq":1}']);
  }
  using store = new SqliteExecutionStore(directory.path, KEEP);
  assert.deepEqual(await store.get("a"), record);
  assert.deepEqual((await store.events("a"))?.lines, ['{"seq":1}']);
});

Deno.test("SqliteExecutionStore reports as lost what was not finished", async () => {
  await using directory = await temporaryDirectory();
  {
    using store = new SqliteExecutionStore(directory.path, KEEP);
    await store.insert(withoutOutputs(execution("a", { status: "running" })));
  }
  using store = new SqliteExecutionStore(directory.path, KEEP);
  const lost = await store.get("a");
  assert.equal(lost?.status, "lost");
  assert.equal(lost?.error?.ename, "ExecutionLost");
  assert.equal(lost?.kernel.statePreserved, false);
  assert.notEqual(lost?.finishedAt, null);
  const [event] = (await store.events("a"))!.lines.map((line) => JSON.parse(line));
  assert.deepEqual([event.seq, event.type, event.execution.status], [1, "done", "lost"]);
});

Deno.test("SqliteExecutionStore refuses a file that another server uses", async () => {
  await using directory = await temporaryDirectory();
  using _store = new SqliteExecutionStore(directory.path, KEEP);
  assert.throws(() => new SqliteExecutionStore(directory.path, KEEP), /another server uses it/);
});

Deno.test("SqliteExecutionStore refuses a file of a layout that it does not know", async () => {
  await using directory = await temporaryDirectory();
  const database = new DatabaseSync(`${directory.path}/executions.sqlite`);
  database.exec("PRAGMA user_version = 99");
  database.close();
  assert.throws(() => new SqliteExecutionStore(directory.path, KEEP), /layout 99/);
});

Deno.test("SqliteExecutionStore keeps executions of one id for two owners", async () => {
  using store = new SqliteExecutionStore(undefined, KEEP);
  await add(store, done("a", { kernelId: "alice:k", code: "alice's" }), ['{"seq":1}']);
  await add(store, done("a", { kernelId: "bob.mcp:k", code: "bob's" }));
  assert.equal((await store.get("a", "alice"))?.code, "alice's");
  assert.equal((await store.get("a", "bob"))?.code, "bob's");
  assert.equal(await store.get("a"), undefined);
  assert.deepEqual((await store.events("a", "bob"))?.lines, []);
  assert.deepEqual([await store.owner("a"), await store.owner("a", "bob")], ["alice", "bob"]);
  assert.equal(await store.owner("a", "carol"), undefined);
  const listed = await store.list({ limit: 10, owner: "alice" });
  assert.deepEqual(listed.map(({ code }) => code), ["alice's"]);
  assert.equal((await store.list({ limit: 10 })).length, 2);
});

Deno.test("SqliteExecutionStore brings a file of the first layout to its own", async () => {
  await using directory = await temporaryDirectory();
  const database = new DatabaseSync(`${directory.path}/executions.sqlite`);
  database.exec(`
    CREATE TABLE executions (
      id TEXT PRIMARY KEY, kernel_id TEXT NOT NULL, status TEXT NOT NULL, created_at INTEGER NOT NULL,
      finished_at INTEGER, summary TEXT NOT NULL, outputs TEXT NOT NULL DEFAULT '[]',
      first_event INTEGER NOT NULL DEFAULT 1, events TEXT NOT NULL DEFAULT '',
      size INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX by_kernel ON executions (kernel_id, created_at);
    CREATE INDEX by_end ON executions (finished_at);
    PRAGMA user_version = 1;
  `);
  const record = done("a", { kernelId: "mcp:k" });
  database.prepare(
    "INSERT INTO executions (id, kernel_id, status, created_at, finished_at, summary) VALUES (?,?,?,?,?,?)",
  ).run("a", "mcp:k", "ok", Date.now(), Date.now(), summaryJson(withoutOutputs(record)));
  database.close();
  for (let opening = 0; opening < 2; opening++) {
    using store = new SqliteExecutionStore(directory.path, KEEP);
    assert.deepEqual(await store.get("a", "mcp"), record);
    assert.equal(await store.owner("a"), "mcp");
  }
});
