import assert from "node:assert/strict";
import { IdleTimer } from "../../../kernel/limits/idle_timer.ts";

Deno.test("IdleTimer calls back once it was resumed for its time", async () => {
  const called = Promise.withResolvers<void>();
  using timer = new IdleTimer(1, called.resolve);
  assert.equal(timer.remainingMs, undefined);
  timer.resume();
  assert.ok(timer.remainingMs! <= 1);
  await called.promise;
});

Deno.test("IdleTimer.timeoutMs counts from when the idling began", async () => {
  const called = Promise.withResolvers<void>();
  using timer = new IdleTimer(60_000, called.resolve);
  timer.resume();
  assert.ok(timer.remainingMs! > 59_000);
  await new Promise((resolve) => setTimeout(resolve, 2));
  timer.timeoutMs = 1; // has passed already
  assert.equal(timer.remainingMs, 0);
  await called.promise;
});

Deno.test("IdleTimer never calls back while paused, when 0, or when disposed", async () => {
  let calls = 0;
  const count = () => void calls++;
  using paused = new IdleTimer(1, count);
  paused.resume();
  paused.pause();
  using never = new IdleTimer(0, count);
  never.resume();
  const disposed = new IdleTimer(1, count);
  disposed.resume();
  disposed[Symbol.dispose]();
  const control = Promise.withResolvers<void>();
  using other = new IdleTimer(5, control.resolve);
  other.resume();
  await control.promise;
  assert.equal(calls, 0);
  assert.equal(never.remainingMs, undefined);
});
