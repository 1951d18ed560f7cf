import assert from "node:assert/strict";
import { abortable, delay, within } from "../../kernel/deadline.ts";
import { FakeClock } from "../support/fake_clock.ts";

const NEVER = new Promise<never>(() => {});

Deno.test("within() settles as the promise does when that is in time", async () => {
  const clock = new FakeClock();
  assert.equal(await within(10, Promise.resolve(1), { clock }), 1);
  await assert.rejects(within(10, Promise.reject(new Error("no")), { clock }), /no/);
  assert.equal(clock.size, 0, "a timer was left behind");
});

Deno.test("within() resolves with undefined when the time is over, and not before", async () => {
  const clock = new FakeClock();
  let over = false;
  const waiting = within(10, NEVER, { clock }).then((value) => {
    over = true;
    return value;
  });
  await clock.advance(9);
  assert.equal(over, false);
  await clock.advance(1);
  assert.equal(await waiting, undefined);
});

Deno.test("within() rejects with the signal's reason, before or while it waits", async () => {
  const clock = new FakeClock();
  const { signal } = { signal: AbortSignal.abort(new Error("before")) };
  await assert.rejects(within(10, NEVER, { clock, signal }), /before/);
  const controller = new AbortController();
  const waiting = abortable(NEVER, controller.signal);
  controller.abort(new Error("meanwhile"));
  await assert.rejects(waiting, /meanwhile/);
  assert.equal(await abortable(Promise.resolve("value"), undefined), "value");
  assert.equal(clock.size, 0, "a timer was left behind");
});

Deno.test("within() handles a rejection that comes too late", async () => {
  const clock = new FakeClock();
  const { promise, reject } = Promise.withResolvers<void>();
  const waiting = within(10, promise, { clock });
  await clock.advance(10);
  assert.equal(await waiting, undefined);
  reject(new Error("late")); // An unhandled rejection fails the test.
  await clock.advance(0);
});

Deno.test("delay() resolves after its time, or when the signal aborts", async () => {
  const clock = new FakeClock();
  const waiting = delay(10, { clock });
  await clock.advance(10);
  await waiting;
  const controller = new AbortController();
  const stopped = delay(10, { clock, signal: controller.signal });
  controller.abort();
  await stopped;
  await delay(10, { clock, signal: controller.signal });
  assert.equal(clock.size, 0, "a timer was left behind");
});
