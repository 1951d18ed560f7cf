import type { Signal } from "@preact/signals";
import { mergeText } from "../merge/merge_text.ts";

/** Changes of one text with shorter pauses than this are undone together, in milliseconds. */
const TYPING_PAUSE_MS = 500;

/** The longest time of changes that are undone together, in milliseconds. */
const TYPING_MAX_MS = 3_000;

/** The number of steps that can be undone. */
const MAX_STEPS = 500;

/** A signal whose value is a part of the document. */
export interface Part {
  signal: Signal<unknown>;
  /**
   * Returns the value after a step that has led from one value to another, when somebody else has changed
   * the value since. Without it the step leaves such a value alone.
   */
  rebase?: ((from: unknown, to: unknown, present: unknown) => unknown) | undefined;
}

interface Change extends Part {
  before: unknown;
  after: unknown;
}

interface Step {
  changes: Change[];
  selectedBefore: string;
  selectedAfter: string;
  /** The text that was typed and the times of its first and last change; undefined for other edits. */
  typing: { signal: Signal<string>; from: number; to: number } | undefined;
}

/** Options for {@linkcode History}. */
export interface HistoryOptions {
  /** Returns every part of the document as it is now. */
  parts: () => readonly Part[];
  /** The id of the selected cell. */
  selected: Signal<string>;
  /** Called after each edit of the reader, those included that undo and redo. */
  onEdit?: () => void;
  /** Returns the time in milliseconds. @default performance.now */
  now?: () => number;
}

/** A `History` records the edits of a document in steps, which can be undone and redone. */
export class History {
  readonly #options: HistoryOptions;
  readonly #done: Step[] = [];
  #undone: Step[] = [];

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /** Runs an edit and records what it changes as one step. */
  record<T>(edit: () => T): T {
    const { parts, selected } = this.#options;
    const before = parts().map((part) => ({ ...part, before: part.signal.peek() }));
    const selectedBefore = selected.peek();
    const result = edit();
    const changes = before
      .map((part) => ({ ...part, after: part.signal.peek() }))
      .filter(({ before, after }) => before !== after);
    if (changes.length > 0) {
      this.#push({
        changes,
        selectedBefore,
        selectedAfter: selected.peek(),
        typing: undefined,
      });
      this.#options.onEdit?.();
    }
    return result;
  }

  /** Sets a text and records the change, in the step of the changes right before it. */
  type(signal: Signal<string>, text: string): void {
    const before = signal.peek();
    if (before === text) return;
    const { selected, now = () => performance.now() } = this.#options;
    const last = this.#done.at(-1);
    signal.value = text;
    const at = now();
    const typing = last?.typing;
    if (
      last && typing?.signal === signal && at - typing.to < TYPING_PAUSE_MS &&
      at - typing.from < TYPING_MAX_MS && last.changes[0]!.after === before
    ) {
      last.changes[0]!.after = text;
      typing.to = at;
      this.#undone = [];
      this.#options.onEdit?.();
      return;
    }
    this.#push({
      changes: [{ signal: signal as Signal<unknown>, before, after: text, rebase: rebaseText }],
      selectedBefore: selected.peek(),
      selectedAfter: selected.peek(),
      typing: { signal, from: at, to: at },
    });
    this.#options.onEdit?.();
  }

  /** Undoes the last step; returns false if there is none. */
  undo(): boolean {
    const step = this.#done.pop();
    if (!step) return false;
    for (const change of step.changes) set(change, change.after, change.before);
    this.#options.selected.value = step.selectedBefore;
    this.#undone.push({ ...step, typing: undefined });
    this.#options.onEdit?.();
    return true;
  }

  /** Does the step again that was undone last; returns false if there is none. */
  redo(): boolean {
    const step = this.#undone.pop();
    if (!step) return false;
    for (const change of step.changes) set(change, change.before, change.after);
    this.#options.selected.value = step.selectedAfter;
    this.#done.push(step);
    this.#options.onEdit?.();
    return true;
  }

  #push(step: Step): void {
    this.#undone = [];
    this.#done.push(step);
    if (this.#done.length > MAX_STEPS) this.#done.shift();
  }
}

/** Sets the value of a change, and keeps what somebody else has changed since. */
function set({ signal, rebase }: Change, from: unknown, to: unknown): void {
  const present = signal.peek();
  if (present === from) signal.value = to;
  else if (rebase) signal.value = rebase(from, to, present);
}

/** Merges a step of a text with what somebody else has written since. */
export function rebaseText(from: unknown, to: unknown, present: unknown): unknown {
  return mergeText(from as string, to as string, present as string);
}
