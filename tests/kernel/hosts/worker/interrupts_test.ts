import assert from "node:assert/strict";
import { within } from "../../../../kernel/deadline.ts";
import {
  createInterrupts,
  Interrupts,
  SignalReceiver,
} from "../../../../kernel/hosts/worker/interrupts.ts";

const SIGINT = 2;

function bothSides() {
  const memory = createInterrupts();
  const clock = { now: 1_000 };
  const receiver = new SignalReceiver(memory, () => clock.now);
  receiver.listen(true);
  return { host: new Interrupts(memory), receiver, clock };
}

Deno.test("Interrupts.raise() is taken once, by the interpreter or by the call", () => {
  const { host, receiver } = bothSides();
  const first = host.raise();
  assert.deepEqual([receiver.take(0), receiver.take(0)], [SIGINT, 0]);
  assert.equal(receiver.claim(first), false);
  assert.deepEqual([host.withdraw(first), host.hasStruck(first)], [false, true]);
  const second = host.raise();
  assert.deepEqual([receiver.claim(second), receiver.claim(second)], [true, false]);
  assert.equal(receiver.take(0), 0);
  assert.deepEqual([host.withdraw(second), host.hasStruck(second)], [false, false]);
});

Deno.test("SignalReceiver.take() is as patient as it is asked to be, from when it is asked", () => {
  const { host, receiver, clock } = bothSides();
  const number = host.raise();
  clock.now += 500; // The thread did not run meanwhile.
  assert.deepEqual([receiver.take(10), receiver.pending], [0, true]);
  clock.now += 5;
  assert.equal(receiver.take(10), 0);
  assert.equal(receiver.claim(number), true);
  assert.equal(receiver.pending, false);
  host.raise();
  assert.equal(receiver.take(10), 0); // Another one, which begins its time anew.
  clock.now += 10;
  assert.equal(receiver.take(10), SIGINT);
  host.raise();
  assert.deepEqual([receiver.take(10), receiver.take(0)], [0, SIGINT]);
});

Deno.test("Interrupts.raise() waits for a cell that has not begun", () => {
  const { host, receiver } = bothSides();
  receiver.listen(false);
  host.raise();
  assert.deepEqual([receiver.take(0), receiver.pending], [0, false]);
  receiver.listen(true);
  assert.equal(receiver.take(0), SIGINT);
});

Deno.test("Interrupts.withdraw() leaves nothing to take", () => {
  const { host, receiver } = bothSides();
  const number = host.raise();
  assert.equal(host.withdraw(number), true);
  assert.deepEqual([receiver.take(0), receiver.claim(number)], [0, false]);
  host.raise();
  host.withdrawLast();
  assert.equal(receiver.take(0), 0);
});

Deno.test("SignalReceiver.claim() takes no other interrupt than its own", () => {
  const { host, receiver } = bothSides();
  const late = host.raise();
  const next = host.raise();
  assert.equal(receiver.claim(late), false);
  assert.equal(receiver.claim(next), true);
});

Deno.test("Interrupts.settled() resolves when the interrupt is taken or withdrawn", async () => {
  const { host, receiver } = bothSides();
  // By itself it keeps no program from ending: its worker does.
  const settled = async (number: number) =>
    await within(60_000, host.settled(number).then(() => "settled"));
  const first = host.raise();
  const taken = settled(first);
  assert.equal(receiver.take(0), SIGINT);
  assert.equal(await taken, "settled");
  assert.equal(await settled(first), "settled"); // Nothing to wait for.
  const withdrawn = settled(host.raise());
  host.withdrawLast();
  assert.equal(await withdrawn, "settled");
});

Deno.test("SignalReceiver.giveBack() lets the interpreter take what a call has claimed", () => {
  const { host, receiver } = bothSides();
  const number = host.raise();
  receiver.claim(number);
  receiver.giveBack(number);
  assert.equal(receiver.take(0), SIGINT);
  receiver.giveBack(number);
  assert.equal(receiver.take(0), 0);
});

Deno.test("SignalReceiver.take() throws once the thread is not wanted any more", () => {
  const { host, receiver } = bothSides();
  host.kill();
  assert.throws(() => receiver.take(0), /terminated/);
});
