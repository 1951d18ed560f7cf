import assert from "node:assert/strict";
import { Turns } from "../../../../server/services/turns/turns.ts";

Deno.test("take() begins a task when the earlier ones of its key have ended", async () => {
  const turns = new Turns();
  const first = Promise.withResolvers<void>();
  const begun: string[] = [];
  const task = (name: string, wait: Promise<void> = Promise.resolve()) => async () => {
    begun.push(name);
    await wait;
    return name;
  };
  const a = turns.take("k", task("a", first.promise));
  const b = turns.take("k", task("b"));
  const other = turns.take("l", task("other"));
  assert.equal(await other, "other");
  assert.deepEqual(begun, ["a", "other"]);
  first.resolve();
  assert.deepEqual(await Promise.all([a, b]), ["a", "b"]);
  assert.deepEqual(begun, ["a", "other", "b"]);
});

Deno.test("take() rejects as its task does, and the next one has its turn", async () => {
  const turns = new Turns();
  const failed = turns.take("k", () => Promise.reject(new Error("no")));
  const next = turns.take("k", () => Promise.resolve("yes"));
  await assert.rejects(failed, /no/);
  assert.equal(await next, "yes");
});

Deno.test("settled() waits for the tasks so far", async () => {
  const turns = new Turns();
  const task = Promise.withResolvers<void>();
  let settled = false;
  void turns.take("k", () => task.promise);
  const waiting = turns.settled().then(() => settled = true);
  await turns.take("other", () => Promise.resolve());
  assert(!settled);
  task.resolve();
  await waiting;
  await turns.settled();
});
