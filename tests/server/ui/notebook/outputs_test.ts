import assert from "node:assert/strict";
import type { ExecutionEvent } from "../../../../server/ui/api/event_schema.ts";
import { OutputList, updateDisplay } from "../../../../server/ui/notebook/outputs.ts";

function text(value: string, name: "stdout" | "stderr" = "stdout"): ExecutionEvent {
  return { type: "stream", name, text: value };
}

function display(value: string, id?: string): ExecutionEvent {
  const transient = id === undefined ? {} : { display_id: id };
  return { type: "display_data", data: { "text/plain": value }, metadata: {}, transient };
}

function shown(list: OutputList): string[] {
  return list.outputs.map((it) =>
    it.output_type === "stream"
      ? `${it.name}: ${it.text}`
      : it.output_type === "error"
      ? it.ename
      : it.output_type === "unreadable"
      ? "unreadable"
      : String(it.data["text/plain"])
  );
}

Deno.test("OutputList joins text of one stream and keeps the streams apart", () => {
  const list = new OutputList();
  for (const event of [text("a"), text("b"), text("c", "stderr"), text("d")]) list.add(event);
  assert.deepEqual(shown(list), ["stdout: ab", "stderr: c", "stdout: d"]);
});

Deno.test("OutputList gives a new object for text that has grown", () => {
  const list = new OutputList();
  list.add(text("a"));
  const [before] = list.outputs;
  list.add(text("b"));
  assert.notEqual(list.outputs[0], before);
  assert.deepEqual(before, { output_type: "stream", name: "stdout", text: "a" });
});

Deno.test("OutputList clears at once, or with the next output", () => {
  const list = new OutputList();
  list.add(text("a"));
  list.add({ type: "clear_output", wait: true });
  assert.deepEqual(shown(list), ["stdout: a"]);
  list.add(text("b"));
  assert.deepEqual(shown(list), ["stdout: b"]);
  list.add({ type: "clear_output", wait: false });
  assert.deepEqual(shown(list), []);
});

Deno.test("OutputList and updateDisplay() replace a display by its id", () => {
  const list = new OutputList();
  list.add(display("old", "d"));
  list.add(text("between"));
  list.add({ ...display("new", "d") as object, type: "update_display_data" } as ExecutionEvent);
  assert.deepEqual(shown(list), ["new", "stdout: between"]);
  const { outputs } = list;
  const other = { data: {}, metadata: {}, transient: { display_id: "other" } };
  assert.equal(updateDisplay(outputs, other), outputs);
});

Deno.test("OutputList tells that output is missing, and passes over what shows nothing", () => {
  const list = new OutputList();
  assert.equal(list.add({ type: "other" }), false);
  assert.equal(list.add({ type: "status", status: "busy" }), false);
  assert.equal(list.add({ type: "gap" }), true);
  assert.match(shown(list)[0]!, /too much to be kept/);
});
