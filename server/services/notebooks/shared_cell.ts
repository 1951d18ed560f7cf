/**
 * The cells of a shared document: their place in Yjs's types, as Jupyter's shared notebooks have it, so
 * that its clients can follow them.
 *
 * @module
 */
import * as Y from "yjs";
import {
  CELL_TYPES,
  type CellJson,
  type CellType,
  isObject,
  type JsonObject,
} from "./format/notebook_format.ts";
import { difference } from "./text_difference.ts";

/** A cell in a shared document. */
export type SharedCell = Y.Map<unknown>;

/** The members of a shared cell that say what is run, and that no file has. */
const RUNNING = ["execution_state", "execution_id"] as const;

/** A run of a shared cell: `execution_state` is "running" from the time at which the cell waits for its turn. */
export type Running = Partial<Record<typeof RUNNING[number], unknown>>;

const KNOWN = new Set<string>([
  ...["id", "cell_type", "source", "metadata", "attachments", "outputs", "execution_count"],
  ...RUNNING,
]);

/** Makes a cell that can be put into a shared document. */
export function makeSharedCell(cell: CellJson, running: Running = {}): SharedCell {
  const shared: SharedCell = new Y.Map();
  for (const [name, value] of Object.entries(cell.extra)) shared.set(name, value);
  shared.set("id", cell.id);
  shared.set("cell_type", cell.cell_type);
  shared.set("source", new Y.Text(cell.source));
  shared.set("metadata", new Y.Map(Object.entries(cell.metadata)));
  if (cell.attachments) shared.set("attachments", cell.attachments);
  if (cell.cell_type === "code") {
    const outputs = new Y.Array<unknown>();
    addOutputs(outputs, cell.outputs ?? []);
    shared.set("outputs", outputs);
    shared.set("execution_count", cell.execution_count ?? null);
    shared.set("execution_state", "idle");
  }
  for (const [name, value] of Object.entries(running)) shared.set(name, value);
  return shared;
}

/** Returns a shared cell as it is in a notebook; undefined when somebody has put something else there. */
export function readSharedCell(shared: unknown): CellJson | undefined {
  if (!(shared instanceof Y.Map)) return undefined;
  const id = shared.get("id");
  const type = CELL_TYPES.find((it) => it === shared.get("cell_type"));
  if (typeof id !== "string" || !type) return undefined;
  const attachments = attachmentsOf(shared);
  const extra: JsonObject = {};
  for (const [name, value] of shared) if (!KNOWN.has(name)) extra[name] = plain(value);
  return {
    id,
    cell_type: type,
    source: sourceOf(shared),
    metadata: objectOf(shared.get("metadata")),
    ...(attachments && { attachments }),
    ...(type === "code" && { outputs: outputsOf(shared), execution_count: countOf(shared) }),
    extra,
  };
}

/** Returns the id of a shared cell; undefined when it is none. */
export function idOf(shared: unknown): string | undefined {
  const id = shared instanceof Y.Map ? shared.get("id") : undefined;
  return typeof id === "string" ? id : undefined;
}

/** Returns the text of a shared cell. */
export function sourceOf(shared: SharedCell): string {
  const source = shared.get("source");
  return source instanceof Y.Text ? source.toString() : typeof source === "string" ? source : "";
}

/** Returns the images of a shared cell by name; undefined when it has none. */
export function attachmentsOf(shared: SharedCell): JsonObject | undefined {
  const attachments = plain(shared.get("attachments"));
  return isObject(attachments) ? attachments : undefined;
}

/** Changes the images of a shared cell. */
export function setAttachments(shared: SharedCell, attachments: JsonObject | undefined): void {
  if (isSame(attachmentsOf(shared), attachments)) return;
  if (attachments) shared.set("attachments", attachments);
  else shared.delete("attachments");
}

/** Returns the outputs of a shared cell. */
export function outputsOf(shared: SharedCell): unknown[] {
  const outputs = shared.get("outputs");
  return outputs instanceof Y.Array ? outputs.toJSON() : [];
}

/** Returns the number of the last run of a shared cell; null when it has none. */
export function countOf(shared: SharedCell): number | null {
  const count = shared.get("execution_count");
  return Number.isSafeInteger(count) ? count as number : null;
}

/** Returns the run of a shared cell. */
export function runningOf(shared: SharedCell): Running {
  return Object.fromEntries(
    RUNNING.filter((name) => shared.has(name)).map((name) => [name, shared.get(name)]),
  );
}

/** Returns the id of the execution that fills a shared cell; null when none does. */
export function executionOf(shared: SharedCell): string | null {
  const id = shared.get("execution_id");
  return typeof id === "string" ? id : null;
}

/** Changes the text of a shared cell by the smallest replacement, which leaves what others write elsewhere. */
export function setSource(shared: SharedCell, source: string): void {
  const text = shared.get("source");
  if (!(text instanceof Y.Text)) {
    shared.set("source", new Y.Text(source));
    return;
  }
  const change = difference(text.toString(), source);
  if (!change) return;
  text.delete(change.from, change.to - change.from);
  text.insert(change.from, change.insert);
}

/** Changes the type of a shared cell. The outputs of a code cell are kept until it is run. */
export function setType(shared: SharedCell, type: CellType): void {
  if (shared.get("cell_type") === type) return;
  shared.set("cell_type", type);
  if (type === "code" && !(shared.get("outputs") instanceof Y.Array)) {
    shared.set("outputs", new Y.Array());
    shared.set("execution_count", null);
  }
}

/** Changes the metadata of a shared cell, member by member. */
export function setMetadata(shared: SharedCell, metadata: JsonObject): void {
  const present = shared.get("metadata");
  if (present instanceof Y.Map) updateMap(present, metadata);
  else shared.set("metadata", new Y.Map(Object.entries(metadata)));
}

/**
 * Changes the outputs of a shared cell to others. The outputs at the beginning that stay are left alone,
 * and text that a stream has got is added at its end.
 */
export function setOutputs(shared: SharedCell, outputs: readonly unknown[]): void {
  let list = shared.get("outputs");
  if (!(list instanceof Y.Array)) {
    list = new Y.Array();
    shared.set("outputs", list);
  }
  const present = list as Y.Array<unknown>;
  const before = present.toJSON();
  let same = 0;
  while (same < outputs.length && isSame(before[same], outputs[same])) same++;
  if (same < outputs.length && appendText(present.get(same), before[same], outputs[same])) same++;
  if (same < present.length) present.delete(same, present.length - same);
  addOutputs(present, outputs.slice(same));
}

/** Adds outputs at the end of a shared list of outputs. */
export function addOutputs(list: Y.Array<unknown>, outputs: readonly unknown[]): void {
  if (outputs.length > 0) list.push(outputs.map(makeSharedOutput));
}

/** Adds text to the stream that is a shared cell's last output; false when that is none. */
export function appendStream(shared: SharedCell, index: number, added: string): boolean {
  const outputs = shared.get("outputs");
  const last = outputs instanceof Y.Array ? outputs.get(index) : undefined;
  const text = last instanceof Y.Map ? last.get("text") : undefined;
  if (!(text instanceof Y.Text)) return false;
  text.insert(text.length, added);
  return true;
}

/** Changes a shared map to an object, member by member. */
export function updateMap(map: Y.Map<unknown>, object: JsonObject): void {
  for (const name of [...map.keys()]) if (!(name in object)) map.delete(name);
  for (const [name, value] of Object.entries(object)) {
    if (!isSame(plain(map.get(name)), value)) map.set(name, value);
  }
}

/** Returns a value of a shared type as JSON. */
export function plain(value: unknown): unknown {
  return value instanceof Y.AbstractType ? value.toJSON() : value;
}

/** True when two JSON values are written in the same way. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function objectOf(value: unknown): JsonObject {
  const object = plain(value);
  return isObject(object) ? object : {};
}

/** The text of a stream is a shared text, so that it can grow. What is no object is kept as it is. */
function makeSharedOutput(output: unknown): unknown {
  if (!isObject(output)) return output;
  const shared = new Y.Map(Object.entries(output));
  if (output["output_type"] === "stream" && typeof output["text"] === "string") {
    shared.set("text", new Y.Text(output["text"]));
  }
  return shared;
}

function appendText(shared: unknown, before: unknown, after: unknown): boolean {
  if (!isObject(before) || !isObject(after) || !(shared instanceof Y.Map)) return false;
  const { text: old, ...others } = before;
  const { text, ...rest } = after;
  const stream = shared.get("text");
  if (!(stream instanceof Y.Text) || typeof old !== "string" || typeof text !== "string") {
    return false;
  }
  if (!text.startsWith(old) || !isSame(others, rest)) return false;
  stream.insert(stream.length, text.slice(old.length));
  return true;
}
