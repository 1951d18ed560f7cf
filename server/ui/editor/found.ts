import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

/** A marked part of a text, in UTF-16 units. */
export interface MarkedRange {
  from: number;
  to: number;
  isCurrent: boolean;
}

const setMarked = StateEffect.define<readonly MarkedRange[]>();
const mark = Decoration.mark({ class: "cm-found" });
const current = Decoration.mark({ class: "cm-found cm-found-current" });

const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    let next = decorations.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMarked)) continue;
      const { length } = transaction.newDoc;
      const ranges = effect.value.filter(({ to }) => to <= length)
        .map(({ from, to, isCurrent }) => (isCurrent ? current : mark).range(from, to));
      next = Decoration.set(ranges, true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Lets an editor mark parts of its text. */
export const markedRanges: Extension = marked;

/** Marks parts of an editor's text, and scrolls to the current one. */
export function markRanges(view: EditorView, ranges: readonly MarkedRange[]): void {
  const shown = ranges.find(({ isCurrent, to }) => isCurrent && to <= view.state.doc.length);
  view.dispatch({
    effects: [
      setMarked.of(ranges),
      ...(shown ? [EditorView.scrollIntoView(shown.from, { y: "nearest" })] : []),
    ],
  });
}
