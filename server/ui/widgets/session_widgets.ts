import { isSameJson } from "../../services/notebooks/same_json.ts";
import { type CellOutput, parseOutput } from "../notebook/output_schema.ts";
import { originalOf } from "../notebook/ipynb.ts";
import type { Session } from "../session/session.ts";
import type { WidgetState } from "./messages.ts";
import { neededFor } from "./references.ts";
import { withWidgets } from "./saved_widgets.ts";
import { WidgetStore } from "./widget_store.ts";

/** The time between a change of widgets and its write into the notebook's metadata, in milliseconds. */
const SAVE_AFTER_MS = 1_000;

/** The time between two reports of captured outputs to the kernel, in milliseconds. */
const REPORT_AFTER_MS = 300;

/** The longest JSON of the states that are written into the metadata, in characters. */
const MAX_SAVED_LENGTH = 4 * 1024 * 1024;

/** The MIME type of a widget in an output. */
const VIEW_MIME = "application/vnd.jupyter.widget-view+json";

const stores = new WeakMap<Session, WidgetStore>();

/** Returns the widgets of a session's kernel. */
export function widgetsOf(session: Session): WidgetStore {
  const known = stores.get(session);
  if (known) return known;
  const store = new WidgetStore(session.comms, () => session.kernelId.peek());
  stores.set(session, store);
  keepStates(session, store);
  showCaptured(session, store);
  return store;
}

/** Writes the states of the widgets that the notebook shows into its metadata. */
function keepStates({ notebook }: Session, store: WidgetStore): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  store.observe(({ type }) => {
    // The state of the widgets of a kernel that has ended stays as it was saved.
    if (type === "ended") return clearTimeout(timer);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const models = shownModels(notebook.cells.peek().flatMap((it) => it.outputs.peek()), store);
      const metadata = withWidgets(notebook.metadata.peek(), models);
      if (isSameJson(metadata, notebook.metadata.peek())) return;
      if (JSON.stringify(metadata).length > MAX_SAVED_LENGTH) return;
      notebook.metadata.value = metadata;
      notebook.onEdit();
    }, SAVE_AFTER_MS);
  });
}

function shownModels(outputs: readonly CellOutput[], { models }: WidgetStore) {
  const shown = new Map<string, WidgetState>();
  for (const output of outputs) {
    if (!("data" in output)) continue;
    const { model_id: id } = (output.data[VIEW_MIME] ?? {}) as Record<string, unknown>;
    if (typeof id !== "string") continue;
    for (const needed of neededFor(id, models)) shown.set(needed, models.get(needed)!);
  }
  return shown;
}

/** Puts what cells have printed into output widgets into the states of these, here and in the kernel. */
function showCaptured({ captured }: Session, store: WidgetStore): void {
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const report = () => {
    timer = undefined;
    for (const id of changed) {
      store.change(id, { outputs: captured.of(id).map(formOf) });
    }
    changed.clear();
  };
  captured.observe((id) => {
    changed.add(id);
    timer ??= setTimeout(report, REPORT_AFTER_MS);
  });
  store.observe((change) => {
    if (change.type === "ended") return captured.clear();
    if (change.type === "message" && change.origin !== undefined) return;
    const state = store.models.get(change.id)?.state;
    if (state?.["_model_name"] !== "OutputModel" || changed.has(change.id)) return;
    const outputs = state["outputs"];
    if (Array.isArray(outputs)) captured.set(change.id, outputs.map(parseOutput));
  });
}

/** Returns an output in the notebook format. */
function formOf(output: CellOutput): unknown {
  const original = originalOf(output);
  if (typeof original !== "object" || original === null) return original;
  const { transient: _, ...form } = original as Record<string, unknown>;
  return form;
}
