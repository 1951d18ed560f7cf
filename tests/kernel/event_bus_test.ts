import assert from "node:assert/strict";
import { EventBus, type KernelEvent } from "../../kernel/mod.ts";

function printed(text: string, executionId?: string): KernelEvent {
  const of = executionId ? { executionId } : {};
  return { type: "stream", kernelId: "k", name: "stdout", text, ...of };
}

Deno.test("EventBus.emit() calls listeners of the type and of all, in order", () => {
  const bus = new EventBus();
  const heard: string[] = [];
  bus.on("*", () => void heard.push("all"));
  bus.on("stream", (event) => void heard.push(event.text));
  bus.on("status", () => void heard.push("status"));
  bus.emit(printed("a"));
  assert.deepEqual(heard, ["a", "all"]);
});

Deno.test("EventBus.emit() reports a listener that throws and goes on", () => {
  const bus = new EventBus();
  const heard: string[] = [];
  const { error } = console;
  const reported: unknown[] = [];
  console.error = (...values: unknown[]) => void reported.push(values);
  try {
    bus.on("stream", () => {
      throw new Error("broken listener");
    });
    bus.on("stream", (event) => void heard.push(event.text));
    bus.emit(printed("a"));
  } finally {
    console.error = error;
  }
  assert.deepEqual(heard, ["a"]);
  assert.equal(reported.length, 1);
});

Deno.test("EventBus.on() stops when disposed, EventBus.off() removes", () => {
  const bus = new EventBus();
  const heard: string[] = [];
  const listener = (event: { text: string }) => void heard.push(event.text);
  {
    using _subscription = bus.on("stream", listener);
    bus.emit(printed("a"));
  }
  bus.emit(printed("b"));
  bus.on("stream", listener);
  assert.equal(bus.off("stream", listener), true);
  assert.equal(bus.off("stream", listener), false);
  bus.emit(printed("c"));
  assert.deepEqual(heard, ["a"]);
});

Deno.test("EventBus.stream() keeps events for a slow reader, filters, and ends with its signal", async () => {
  const bus = new EventBus();
  const ended = new AbortController();
  const stream = bus.stream({ signal: ended.signal, filter: (event) => event.executionId === "e" });
  bus.emit(printed("1", "e"));
  bus.emit(printed("other"));
  bus.emit(printed("2", "e"));
  ended.abort();
  bus.emit(printed("3", "e"));
  const texts: string[] = [];
  for await (const event of stream) if (event.type === "stream") texts.push(event.text);
  assert.deepEqual(texts, ["1", "2"]);
});

Deno.test("EventBus.stream() ends when the bus is closed, also while it waits", async () => {
  const bus = new EventBus();
  const next = bus.stream().next();
  bus.close();
  assert.deepEqual(await next, { done: true, value: undefined });
  assert.equal((await bus.stream().next()).done, true);
});

Deno.test("EventBus.stream() forgets everything when the loop is left", async () => {
  const bus = new EventBus();
  const stream = bus.stream();
  bus.emit(printed("1"));
  bus.emit(printed("2"));
  for await (const _ of stream) break;
  assert.equal((await stream.next()).done, true);
});
