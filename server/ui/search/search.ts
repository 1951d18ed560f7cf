import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Cell } from "../notebook/cell.ts";
import type { Notebook } from "../notebook/notebook.ts";

/** The most places that are shown. */
const MAX_FOUND = 10_000;

/** A place in the text of a cell that a search has found, in UTF-16 units. */
export interface Found {
  cell: Cell;
  from: number;
  to: number;
  /** The text that takes its place. */
  replacement: string;
}

/** A `Search` finds and replaces text in all cells of a notebook. */
export class Search {
  readonly query = signal("");
  readonly replacement = signal("");
  readonly isRegExp = signal(false);
  readonly isCaseSensitive = signal(false);
  /** The place that is shown, as an index of `found`. */
  readonly at = signal(0);
  readonly found: ReadonlySignal<readonly Found[]>;
  /** The fault of the regular expression; empty if there is none. */
  readonly problem: ReadonlySignal<string>;
  readonly #notebook: Notebook;
  readonly #pattern: ReadonlySignal<RegExp | string | null>;

  constructor(notebook: Notebook) {
    this.#notebook = notebook;
    this.#pattern = computed(() =>
      patternOf(this.query.value, this.isRegExp.value, this.isCaseSensitive.value)
    );
    this.problem = computed(() =>
      typeof this.#pattern.value === "string" ? this.#pattern.value : ""
    );
    this.found = computed(() => {
      const pattern = this.#pattern.value;
      if (!(pattern instanceof RegExp)) return [];
      const found: Found[] = [];
      for (const cell of notebook.cells.value) {
        for (const match of cell.source.value.matchAll(pattern)) {
          if (match[0] === "" || found.length === MAX_FOUND) continue;
          const { index: from, 0: text } = match;
          found.push({
            cell,
            from,
            to: from + text.length,
            replacement: this.#replacementOf(match),
          });
        }
      }
      return found;
    });
  }

  /** The place that is shown; undefined if nothing is found. */
  get current(): Found | undefined {
    return this.found.value[this.at.value];
  }

  /** Shows the next (1) or the previous (-1) place, or the first one again after the last. */
  step(by: 1 | -1): void {
    const count = this.found.peek().length;
    if (count > 0) this.show((this.at.peek() + by + count) % count);
  }

  /** Shows a place. */
  show(index: number): void {
    this.at.value = index;
    const place = this.found.peek()[index];
    if (!place) return;
    this.#notebook.select(place.cell);
    if (place.cell.type.peek() === "markdown") place.cell.editing.value = true;
  }

  /** Replaces the place that is shown, and shows the next one. */
  replaceOne(): void {
    const place = this.found.peek()[this.at.peek()];
    if (!place) return;
    const { cell, from, to, replacement } = place;
    const source = cell.source.peek();
    this.#notebook.editAll(
      new Map([[cell, source.slice(0, from) + replacement + source.slice(to)]]),
    );
    const next = this.found.peek().findIndex((it) =>
      this.#notebook.indexOf(it.cell) > this.#notebook.indexOf(cell) ||
      (it.cell === cell && it.from >= from + replacement.length)
    );
    this.show(Math.max(0, next));
  }

  /** Replaces every place, as one edit. */
  replaceAll(): void {
    const texts = new Map<Cell, string>();
    // From the end: the places before stay where they are.
    for (const { cell, from, to, replacement } of this.found.peek().toReversed()) {
      const source = texts.get(cell) ?? cell.source.peek();
      texts.set(cell, source.slice(0, from) + replacement + source.slice(to));
    }
    if (texts.size > 0) this.#notebook.editAll(texts);
  }

  #replacementOf(match: RegExpExecArray): string {
    const text = this.replacement.value;
    if (!this.isRegExp.value) return text;
    // As in `String.replace`: "$1" and "$&" stand for what was found.
    return text.replaceAll(/\$(\d|&)/g, (_, name) => match[name === "&" ? 0 : Number(name)] ?? "");
  }
}

/** Returns the expression to search for, the fault of one that is none, or null for no query. */
function patternOf(
  query: string,
  isRegExp: boolean,
  isCaseSensitive: boolean,
): RegExp | string | null {
  if (query === "") return null;
  try {
    return new RegExp(isRegExp ? query : RegExp.escape(query), isCaseSensitive ? "gm" : "gim");
  } catch (error) {
    return (error as Error).message;
  }
}
