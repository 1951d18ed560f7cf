import assert from "node:assert/strict";
import { IdleTimer } from "../../../kernel/limits/idle_timer.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function idleTimer(timeoutMs: number) {
  const clock = new FakeClock();
  const calls: number[] = [];
  return { timer: new IdleTimer(timeoutMs, () => calls.push(clock.now()), clock), clock, calls };
}

Deno.test("IdleTimer calls back once it was resumed for its time", async () => {
  const { timer, clock, calls } = idleTimer(100);
  assert.equal(timer.remainingMs, undefined);
  await clock.advance(1_000);
  assert.deepEqual(calls, []);
  timer.resume();
  assert.equal(timer.remainingMs, 100);
  await clock.advance(99);
  assert.deepEqual([calls, timer.remainingMs], [[], 1]);
  await clock.advance(1);
  assert.deepEqual(calls, [1_100]);
});

Deno.test("IdleTimer.timeoutMs counts from when the idling began", async () => {
  const { timer, clock, calls } = idleTimer(60_000);
  timer.resume();
  await clock.advance(50);
  timer.timeoutMs = 60;
  assert.equal(timer.remainingMs, 10);
  timer.timeoutMs = 40; // It has passed already.
  assert.equal(timer.remainingMs, 0);
  await clock.advance(0);
  assert.deepEqual(calls, [50]);
});

Deno.test("IdleTimer never calls back while paused, when 0, or when disposed", async () => {
  const [paused, never, disposed] = [idleTimer(1), idleTimer(0), idleTimer(1)];
  paused.timer.resume();
  paused.timer.pause();
  never.timer.resume();
  assert.equal(never.timer.remainingMs, undefined);
  disposed.timer.resume();
  disposed.timer[Symbol.dispose]();
  for (const { clock, calls } of [paused, never, disposed]) {
    await clock.advance(1_000_000);
    assert.deepEqual([calls, clock.size], [[], 0]);
  }
});
