import { type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import {
  EditorView,
  showTooltip,
  type Tooltip,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { inspectionDom, pageAt } from "./inspection.ts";

/** The most lines of a signature that are shown. */
const MAX_LINES = 8;

/** The end of a text whose last parenthesis opens a call; any other would take the signature's place. */
const OPENS_CALL = /[\p{L}\p{N}_)\]]\($/u;

const open = StateEffect.define<Tooltip>();
const close = StateEffect.define();

/** The signature of the call in which the cursor is; `pos` is the place after the opening parenthesis. */
const signatureTooltip = StateField.define<Tooltip | null>({
  create: () => null,
  update(tooltip, { effects, changes, state }) {
    for (const effect of effects) {
      if (effect.is(open)) return effect.value;
      if (effect.is(close)) return null;
    }
    if (!tooltip) return null;
    const pos = changes.mapPos(tooltip.pos);
    return isInCall(state, pos) ? { ...tooltip, pos } : null;
  },
  provide: (field) => showTooltip.from(field),
});

/** Shows the signature of a function when the reader has typed the parenthesis after its name. */
export function signatureHelp(kernelId: () => string | null): Extension {
  const plugin = ViewPlugin.define((view) => ({
    update(update: ViewUpdate) {
      const { head } = update.state.selection.main;
      const isTyped = update.docChanged &&
        update.transactions.some((it) => it.isUserEvent("input"));
      if (!isTyped || !OPENS_CALL.test(update.state.sliceDoc(Math.max(0, head - 3), head))) return;
      const id = kernelId();
      if (id !== null) void show(view, head, id);
    },
  }));
  return [signatureTooltip, plugin];
}

/** Closes the signature; returns false if none is open. */
export function hideSignature(view: EditorView): boolean {
  if (!view.state.field(signatureTooltip, false)) return false;
  view.dispatch({ effects: close.of(null) });
  return true;
}

async function show(view: EditorView, pos: number, kernelId: string): Promise<void> {
  const page = await pageAt(view, pos - 1, kernelId);
  const signature = page === undefined ? undefined : signatureIn(page);
  // The reader may have typed on meanwhile.
  if (signature === undefined || !isInCall(view.state, pos) || !view.hasFocus) return;
  const create = () => ({ dom: inspectionDom(signature) });
  view.dispatch({ effects: open.of({ pos, above: true, create }) });
}

/** Returns the signature, and the first line of the documentation, of a page of the kernel. */
function signatureIn(page: string): string | undefined {
  const [, signature] =
    /^(?:Init signature|Signature):\s*([^]*?)(?=\n[A-Z][\w ]+:|$)/m.exec(page) ??
      [];
  if (!signature) return undefined;
  const [, first = ""] = /^Docstring:\s*\n?\s*(.*)/m.exec(page) ?? [];
  const lines = signature.trim().split("\n").slice(0, MAX_LINES);
  return [...lines, ...(first && !first.startsWith("<") ? ["", first] : [])].join("\n");
}

/** Returns true if the cursor is after a position, with no parenthesis between that closes the call. */
function isInCall({ doc, selection }: EditorState, pos: number): boolean {
  const { head, empty } = selection.main;
  if (!empty || head < pos || head - pos > 5_000) return false;
  if (doc.sliceString(pos - 1, pos) !== "(") return false;
  let depth = 1;
  for (const character of doc.sliceString(pos, head)) {
    if ("([{".includes(character)) depth++;
    if (")]}".includes(character) && --depth === 0) return false;
  }
  return true;
}
