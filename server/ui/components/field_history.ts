/** The text fields that have a history. */
export type Field = HTMLInputElement | HTMLTextAreaElement;

interface Texts {
  done: string[];
  undone: string[];
}

/**
 * A `FieldHistory` undoes changes of the fields beside the notebook. The browser's own history is one
 * for the whole page: undoing in a search would undo edits of cells.
 */
export class FieldHistory {
  readonly #texts = new WeakMap<Field, Texts>();

  /** Remembers the text of a field before it changes. */
  note(field: Field): void {
    const texts = this.#textsOf(field);
    texts.done.push(field.value);
    texts.undone = [];
  }

  /** Sets the text that a field had before the last change. */
  undo(field: Field): void {
    const { done, undone } = this.#textsOf(field);
    move(field, done, undone);
  }

  /** Sets the text that was undone last. */
  redo(field: Field): void {
    const { done, undone } = this.#textsOf(field);
    move(field, undone, done);
  }

  #textsOf(field: Field): Texts {
    let texts = this.#texts.get(field);
    if (!texts) this.#texts.set(field, texts = { done: [], undone: [] });
    return texts;
  }
}

function move(field: Field, from: string[], to: string[]): void {
  const text = from.pop();
  if (text === undefined) return;
  to.push(field.value);
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
