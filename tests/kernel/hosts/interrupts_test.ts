import assert from "node:assert/strict";
import { within } from "../../../kernel/deadline.ts";
import { createInterrupts, Interrupts, SignalReceiver } from "../../../kernel/hosts/interrupts.ts";

const SIGINT = 2;

function bothSides(): { host: Interrupts; receiver: SignalReceiver } {
  const memory = createInterrupts();
  const receiver = new SignalReceiver(memory);
  receiver.listen(true);
  return { host: new Interrupts(memory), receiver };
}

Deno.test("Interrupts.offer() is for the call alone", () => {
  const { host, receiver } = bothSides();
  const number = host.offer();
  assert.equal(receiver.take(), 0);
  assert.equal(receiver.claim(number), true);
  assert.equal(receiver.claim(number), false);
  host.raise(number); // Too late: the call has it.
  assert.equal(receiver.take(), 0);
  assert.deepEqual([host.withdraw(number), host.hasStruck(number)], [false, false]);
});

Deno.test("Interrupts.raise() is taken once, by the interpreter or by the call", () => {
  const { host, receiver } = bothSides();
  const first = host.offer();
  host.raise(first);
  assert.deepEqual([receiver.take(), receiver.take()], [SIGINT, 0]);
  assert.equal(receiver.claim(first), false);
  assert.deepEqual([host.withdraw(first), host.hasStruck(first)], [false, true]);
  const second = host.offer();
  host.raise(second);
  assert.equal(receiver.claim(second), true);
  assert.equal(receiver.take(), 0);
  assert.deepEqual([host.withdraw(second), host.hasStruck(second)], [false, false]);
});

Deno.test("Interrupts.raise() waits for a cell that has not begun", () => {
  const { host, receiver } = bothSides();
  receiver.listen(false);
  host.raise(host.offer());
  assert.equal(receiver.take(), 0);
  receiver.listen(true);
  assert.equal(receiver.take(), SIGINT);
});

Deno.test("Interrupts.withdraw() leaves nothing to take", () => {
  const { host, receiver } = bothSides();
  const number = host.offer();
  host.raise(number);
  assert.equal(host.withdraw(number), true);
  assert.deepEqual([receiver.take(), receiver.claim(number)], [0, false]);
  host.raise(host.offer());
  host.withdrawLast();
  assert.equal(receiver.take(), 0);
});

Deno.test("SignalReceiver.claim() takes no other interrupt than its own", () => {
  const { host, receiver } = bothSides();
  const late = host.offer();
  const next = host.offer();
  assert.equal(receiver.claim(late), false);
  assert.equal(receiver.claim(next), true);
});

Deno.test("Interrupts.settled() resolves when the interrupt is taken, or its time is over", async () => {
  const { host, receiver } = bothSides();
  const number = host.offer();
  host.raise(number);
  // By itself it keeps no program from ending: its worker does.
  const settled = async (timeoutMs: number) =>
    await within(60_000, host.settled(number, timeoutMs).then(() => "settled"));
  assert.equal(await settled(1), "settled");
  const taken = settled(120_000);
  assert.equal(receiver.take(), SIGINT);
  assert.equal(await taken, "settled");
  assert.equal(await settled(120_000), "settled"); // Nothing to wait for.
});

Deno.test("SignalReceiver.take() throws once the thread is not wanted any more", () => {
  const { host, receiver } = bothSides();
  host.kill();
  assert.throws(() => receiver.take(), /terminated/);
});
