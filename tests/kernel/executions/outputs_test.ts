import assert from "node:assert/strict";
import type { KernelEvent } from "../../../kernel/mod.ts";
import { OutputCollector } from "../../../kernel/executions/outputs.ts";

function stream(text: string, name: "stdout" | "stderr" = "stdout"): KernelEvent {
  return { type: "stream", kernelId: "k", name, text };
}

function display(
  text: string,
  id?: string,
  type: "display_data" | "update_display_data" = "display_data",
): KernelEvent {
  const transient = id === undefined ? {} : { display_id: id };
  return { type, kernelId: "k", data: { "text/plain": text }, metadata: {}, transient };
}

function collect(...events: KernelEvent[]): OutputCollector {
  const collector = new OutputCollector();
  events.forEach((event) => collector.add(event));
  return collector;
}

Deno.test("OutputCollector joins consecutive text of one stream", () => {
  assert.deepEqual(collect(stream("a"), stream("b"), stream("c", "stderr"), stream("d")).outputs, [
    { output_type: "stream", name: "stdout", text: "ab" },
    { output_type: "stream", name: "stderr", text: "c" },
    { output_type: "stream", name: "stdout", text: "d" },
  ]);
});

Deno.test("OutputCollector updates every display of that id and no other", () => {
  const { outputs } = collect(
    display("1", "x"),
    display("2", "y"),
    display("3"),
    display("new", "x", "update_display_data"),
  );
  assert.deepEqual(outputs.map((it) => "data" in it && it.data["text/plain"]), ["new", "2", "3"]);
});

Deno.test("OutputCollector clears at once, or with the next output", () => {
  const clear = (wait: boolean): KernelEvent => ({ type: "clear_output", kernelId: "k", wait });
  assert.deepEqual(collect(stream("a"), clear(false)).outputs, []);
  assert.equal(collect(stream("a"), clear(true)).outputs.length, 1);
  assert.deepEqual(collect(stream("a"), clear(true), stream("b")).outputs, [
    { output_type: "stream", name: "stdout", text: "b" },
  ]);
});

Deno.test("OutputCollector keeps a bounded amount of text and says so", () => {
  const collector = collect(...Array.from({ length: 20 }, () => stream("x".repeat(1_000_000))));
  const length = collector.outputs.reduce(
    (sum, it) => sum + ("text" in it ? it.text.length : 0),
    0,
  );
  assert.equal(length, 8 * 1024 * 1024);
  assert.equal(collector.truncated, true);
  assert.equal(collect(stream("short")).truncated, false);
});

Deno.test("OutputCollector.outputs is a copy", () => {
  const collector = collect(stream("a"));
  const [before] = collector.outputs;
  collector.add(stream("b"));
  assert.deepEqual(before, { output_type: "stream", name: "stdout", text: "a" });
});

Deno.test("OutputCollector.copiesOf() tells how many displays an update changes", () => {
  const collector = collect(display("1", "x"), display("2", "x"), display("3", "y"), display("4"));
  const update = (id?: string) => display("new", id, "update_display_data");
  assert.equal(collector.copiesOf(update("x")), 2);
  assert.equal(collector.copiesOf(update("none")), 1);
  assert.equal(collector.copiesOf(update()), 1);
  assert.equal(collector.copiesOf(display("5", "x")), 1);
  collector.add({ type: "clear_output", kernelId: "k", wait: false });
  assert.equal(collector.copiesOf(update("x")), 1);
});
