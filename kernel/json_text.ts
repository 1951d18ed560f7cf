/**
 * JSON that comes from outside, looked at before it is parsed: `JSON.parse` makes an object of each
 * pair of braces, so that a few megabytes of them stop this thread for minutes.
 */

/** The most that a JSON text may hold. */
export interface JsonBounds {
  /** Objects and arrays inside each other. */
  maxDepth: number;
  /** Values and names of members; a string of many escapes counts one more for every thousand. */
  maxNodes: number;
  /** Objects and arrays, whose parsing takes up to forty times as long as that of numbers. @default maxNodes */
  maxContainers?: number;
}

/** A member of a JSON object, as the text of its value. */
export type JsonMembers = ReadonlyMap<string, string>;

const OBJECT = 1;
const ARRAY = 2;

/** A part of a string: as many escapes, and runs of other characters, as the engine matches in one go. */
const stringPart = /(?:[ !#-[\]-\uffff]+|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})){1,1000}/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const space = /[ \t\n\r]*/y;

/**
 * Splits the text of a JSON object into its members, whose values stay text. When a name occurs twice,
 * the last one counts, as in `JSON.parse`.
 *
 * @throws {SyntaxError} when the text is not one JSON object within the bounds; afterwards
 * `JSON.parse` takes each member's text.
 */
export function splitJsonObject(text: string, bounds: JsonBounds): JsonMembers {
  const members = new Map<string, string>();
  const scanner = new JsonScanner(text, bounds);
  scanner.object((name, start, end) => members.set(name, text.slice(start, end)));
  return members;
}

/** Walks over a text once, without recursion and without making values. */
class JsonScanner {
  readonly #text: string;
  readonly #bounds: JsonBounds;
  /** What is open, the innermost last. */
  readonly #open: number[] = [];
  #at = 0;
  #nodes = 0;
  #containers = 0;

  constructor(text: string, bounds: JsonBounds) {
    this.#text = text;
    this.#bounds = bounds;
  }

  /** Walks over an object; `onMember` hears where the value of each of its own members stands. */
  object(onMember: (name: string, start: number, end: number) => void): void {
    this.#space();
    if (this.#text[this.#at] !== "{") throw this.#unexpected();
    this.#at++;
    this.#node();
    this.#space();
    if (this.#text[this.#at] !== "}") {
      do {
        const name: unknown = JSON.parse(this.#name());
        this.#space();
        const start = this.#at;
        this.#value();
        onMember(name as string, start, this.#at);
        this.#space();
      } while (this.#text[this.#at++] === ",");
      this.#at--;
    }
    if (this.#text[this.#at++] !== "}") throw this.#unexpected(-1);
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected();
  }

  /** One value with all that is in it. */
  #value(): void {
    const text = this.#text;
    const open = this.#open;
    const depth = open.length;
    do {
      this.#space();
      this.#node();
      const character = text.charCodeAt(this.#at);
      switch (character) {
        case 0x7b: // {
          this.#container();
          this.#at++;
          this.#space();
          if (text.charCodeAt(this.#at) === 0x7d) this.#at++;
          else {
            this.#push(OBJECT);
            this.#name();
            continue;
          }
          break;
        case 0x5b: // [
          this.#container();
          this.#at++;
          this.#space();
          if (text.charCodeAt(this.#at) === 0x5d) this.#at++;
          else {
            this.#push(ARRAY);
            continue;
          }
          break;
        case 0x22: // "
          this.#string();
          break;
        case 0x74: // t
          this.#literal("true");
          break;
        case 0x66: // f
          this.#literal("false");
          break;
        case 0x6e: // n
          this.#literal("null");
          break;
        default:
          this.#match(number, true);
      }
      // The value is whole: so may be what it stands in.
      while (open.length > depth) {
        this.#space();
        const next = text.charCodeAt(this.#at++);
        const inside = open[open.length - 1];
        if (next === 0x2c) { // ,
          if (inside === OBJECT) this.#name();
          break;
        }
        if (next !== (inside === OBJECT ? 0x7d : 0x5d)) throw this.#unexpected(-1);
        open.pop();
      }
    } while (open.length > depth);
  }

  /** The name of a member and the colon behind it; returns the name as it is written. */
  #name(): string {
    this.#space();
    this.#node();
    const start = this.#at;
    this.#string();
    const name = this.#text.slice(start, this.#at);
    this.#space();
    if (this.#text.charCodeAt(this.#at++) !== 0x3a) throw this.#unexpected(-1); // :
    return name;
  }

  #string(): void {
    const text = this.#text;
    if (text.charCodeAt(this.#at) !== 0x22) throw this.#unexpected();
    this.#at++;
    while (text.charCodeAt(this.#at) !== 0x22) {
      this.#match(stringPart, true);
      if (text.charCodeAt(this.#at) !== 0x22) this.#node();
    }
    this.#at++;
  }

  #literal(word: string): void {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected();
    this.#at += word.length;
  }

  #space(): void {
    const character = this.#text.charCodeAt(this.#at);
    if (character <= 0x20) this.#match(space, false);
  }

  #match(pattern: RegExp, required: boolean): void {
    pattern.lastIndex = this.#at;
    if (pattern.test(this.#text)) {
      if (required && pattern.lastIndex === this.#at) throw this.#unexpected();
      this.#at = pattern.lastIndex;
    } else if (required) throw this.#unexpected();
  }

  #push(kind: number): void {
    if (this.#open.push(kind) >= this.#bounds.maxDepth) {
      throw new SyntaxError(`JSON is nested deeper than ${this.#bounds.maxDepth}`);
    }
  }

  #node(): void {
    if (++this.#nodes > this.#bounds.maxNodes) {
      throw new SyntaxError(`JSON has more than ${this.#bounds.maxNodes} values`);
    }
  }

  #container(): void {
    const { maxContainers = Infinity } = this.#bounds;
    if (++this.#containers > maxContainers) {
      throw new SyntaxError(`JSON has more than ${maxContainers} objects and arrays`);
    }
  }

  #unexpected(offset = 0): SyntaxError {
    const at = this.#at + offset;
    const found = at < this.#text.length ? JSON.stringify(this.#text[at]) : "its end";
    return new SyntaxError(`JSON has ${found} at position ${at}, which does not belong there`);
  }
}
