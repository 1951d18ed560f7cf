import { StateEffect, StateField } from "@codemirror/state";
import { type EditorView, showTooltip, type Tooltip } from "@codemirror/view";
import { inspect } from "../api/kernels.ts";
import { ANSWER_DEADLINE_MS } from "./completion.ts";
import { toCodePoints } from "./positions.ts";

const setTooltip = StateEffect.define<Tooltip | null>();

/** The tooltip with the kernel's documentation; typing and moving the cursor close it. */
export const inspectionTooltip = StateField.define<Tooltip | null>({
  create: () => null,
  update(tooltip, transaction) {
    for (const effect of transaction.effects) if (effect.is(setTooltip)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : tooltip;
  },
  provide: (field) => showTooltip.from(field),
});

/** Returns the kernel's page about the name before a position; undefined if there is none, or if the kernel is busy. */
export async function pageAt(
  view: EditorView,
  pos: number,
  kernelId: string,
): Promise<string | undefined> {
  const text = view.state.doc.toString();
  try {
    const signal = AbortSignal.timeout(ANSWER_DEADLINE_MS);
    const { found, data } = await inspect(kernelId, text, toCodePoints(text, pos), signal);
    const page = data["text/plain"];
    return found && typeof page === "string" ? plain(page) : undefined;
  } catch {
    // A kernel that is busy or gone has no page.
    return undefined;
  }
}

/** Opens the tooltip with the kernel's documentation of the object at the cursor. */
export async function showInspection(view: EditorView, kernelId: string | null): Promise<void> {
  if (kernelId === null) return;
  const text = view.state.doc.toString();
  const { head } = view.state.selection.main;
  const page = await pageAt(view, head, kernelId);
  if (page === undefined || view.state.doc.toString() !== text) return;
  view.dispatch({ effects: setTooltip.of(tooltip(head, page)) });
}

/** Closes the tooltip; returns false if none is open. */
export function hideInspection(view: EditorView): boolean {
  if (!view.state.field(inspectionTooltip, false)) return false;
  view.dispatch({ effects: setTooltip.of(null) });
  return true;
}

function tooltip(pos: number, text: string): Tooltip {
  return { pos, above: false, create: () => ({ dom: inspectionDom(text) }) };
}

/** Makes the element that shows a page of the kernel. */
export function inspectionDom(text: string): HTMLElement {
  const dom = document.createElement("pre");
  dom.className = "inspection";
  dom.tabIndex = 0;
  dom.textContent = text;
  return dom;
}

/** Removes ANSI colours from text. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- the escape character starts a colour
  return text.replaceAll(/\x1b\[[0-9;]*m/g, "");
}
