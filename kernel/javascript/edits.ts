/** Changes of a text that keep its lines, so that a column of the result can be led back. */
export class Edits {
  readonly #source: string;
  readonly #edits: { at: number; removed: number; text: string; order: number }[] = [];

  /** Changes nothing yet. */
  constructor(source: string) {
    this.#source = source;
  }

  /** Adds a text without newlines before the character at `at`. */
  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  /** Replaces a part of the text; the newlines in that part stay. */
  replace(from: number, to: number, text: string): void {
    const newlines = this.#source.slice(from, to).replace(/[^\n]/g, "");
    this.#edits.push({
      at: from,
      removed: to - from,
      text: text + newlines,
      order: this.#edits.length,
    });
  }

  /** Returns the changed text. */
  apply(): string {
    let result = "";
    let from = 0;
    for (const { at, removed, text } of this.#sorted()) {
      result += this.#source.slice(from, at) + text;
      from = at + removed;
    }
    return result + this.#source.slice(from);
  }

  /** Returns the column of the source for a column of a line of the result, both from 1 on. */
  columnOf(line: number, column: number): number {
    const lineStart = startOfLine(this.#source, line);
    const lineEnd = startOfLine(this.#source, line + 1);
    let shift = 0;
    for (const { at, removed, text } of this.#sorted()) {
      if (at < lineStart || at >= lineEnd) continue;
      const start = at - lineStart + shift + 1;
      if (start >= column) break;
      if (column < start + text.length) return at - lineStart + 1;
      shift += text.length - removed;
    }
    return Math.max(1, column - shift);
  }

  #sorted() {
    return this.#edits.toSorted((a, b) => a.at - b.at || a.order - b.order);
  }
}

function startOfLine(text: string, line: number): number {
  let at = 0;
  for (let count = 1; count < line; count++) {
    const next = text.indexOf("\n", at);
    if (next < 0) return text.length + 1;
    at = next + 1;
  }
  return at;
}
