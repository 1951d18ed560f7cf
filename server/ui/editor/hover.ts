import type { Extension } from "@codemirror/state";
import { EditorView, hoverTooltip } from "@codemirror/view";
import { inspectionDom, pageAt } from "./inspection.ts";

/** The time for which the pointer rests on a name before its documentation opens, in milliseconds. */
const HOVER_MS = 600;

/** Shows the kernel's documentation of the name under the pointer. */
export function hoverInspection(kernelId: () => string | null): Extension {
  return hoverTooltip(async (view: EditorView, pos: number) => {
    const word = view.state.wordAt(pos);
    const id = kernelId();
    if (!word || id === null || !/^[\p{L}_]/u.test(view.state.sliceDoc(word.from, word.to))) {
      return null;
    }
    const page = await pageAt(view, word.to, id);
    return page === undefined
      ? null
      : { pos: word.from, end: word.to, above: true, create: () => ({ dom: inspectionDom(page) }) };
  }, { hoverTime: HOVER_MS, hideOnChange: true });
}
