import assert from "node:assert/strict";
import { StartSlots } from "../../../kernel/hosts/start_slots.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const NEVER = new Promise<never>(() => {});

Deno.test("take() lets so many go on at a time, and the others in order", async () => {
  const slots = new StartSlots(2);
  const begun: number[] = [];
  const release: (() => void)[] = [];
  const all = [0, 1, 2, 3].map(async (index) => {
    using _slot = await slots.take(NEVER);
    begun.push(index);
    await new Promise<void>((resolve) => release[index] = resolve);
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  await settle();
  assert.deepEqual(begun, [0, 1]);
  release[1]!();
  await settle();
  assert.deepEqual(begun, [0, 1, 2]);
  release[0]!();
  await settle();
  assert.deepEqual(begun, [0, 1, 2, 3]);
  release[2]!();
  release[3]!();
  await Promise.all(all);
  using _free = await slots.take(NEVER);
});

Deno.test("take() gives up when the start is abandoned, and takes no turn from the others", async () => {
  const slots = new StartSlots(1);
  const first = await slots.take(NEVER);
  const abandoned = slots.take(Promise.resolve());
  await assert.rejects(abandoned, { code: "kernel_dead" });
  const next = slots.take(NEVER);
  first[Symbol.dispose]();
  using _slot = await next;
});

Deno.test("take() gives up when the turn does not come in time", async () => {
  const clock = new FakeClock();
  const slots = new StartSlots(1, clock);
  using _first = await slots.take(NEVER);
  const refused = assert.rejects(slots.take(NEVER), {
    code: "timeout",
    message: "Too many starts: none for 120 s",
  });
  await clock.pass(120_000);
  await refused;
});
