import { CODE, FUNCTIONS, Reader, type Sections, unsigned } from "./wasm_binary.ts";

const [CALL, CALL_INDIRECT] = [0x10, 0x11] as const;

/** The functions that are in a module, by their indexes. Those that it imports are not among them. */
export class Functions {
  /** The number of imported functions, whose indexes come first. */
  readonly imported: number;
  /** The code of each function; the first one has the index `imported`. */
  readonly bodies: Uint8Array[];
  /** The functions' types, in the order of `bodies`. */
  readonly types: number[];
  readonly #parameters: number[];
  readonly #callees = new Map<number, Set<number>>();

  constructor(wasm: Uint8Array, module: Sections) {
    this.imported = module.importedFunctions().length;
    this.bodies = module.entriesOf(CODE).map(({ start, end }) => wasm.subarray(start, end));
    this.types = module.numbersOf(FUNCTIONS);
    this.#parameters = module.parameterCounts();
  }

  /** All indexes. */
  *indexes(): Iterable<number> {
    for (const at of this.bodies.keys()) yield at + this.imported;
  }

  body(index: number): Uint8Array {
    return this.bodies[index - this.imported]!;
  }

  type(index: number): number {
    return this.types[index - this.imported]!;
  }

  parameters(index: number): number {
    return this.#parameters[this.type(index)]!;
  }

  /** Returns the number of variables that a function has, with its parameters. */
  variables(index: number): number {
    const reader = new Reader(this.body(index), 0);
    let count = this.parameters(index);
    for (let left = reader.number(); left > 0; left--) {
      count += reader.number();
      reader.at++;
    }
    return count;
  }

  /**
   * Returns the functions that a function calls by their indexes, the imported ones among them. Constants that
   * look like calls can be among them too.
   */
  callees(index: number): Set<number> {
    const kept = this.#callees.get(index);
    if (kept) return kept;
    const found = new Set<number>();
    this.#callees.set(index, found);
    const body = this.body(index);
    const reader = new Reader(body, 0);
    for (let at = body.indexOf(CALL); at >= 0; at = body.indexOf(CALL, at + 1)) {
      reader.at = at + 1;
      const callee = reader.numberOrNone();
      if (callee !== undefined) found.add(callee);
    }
    return found;
  }

  /** Returns true for a function that calls itself, or one that calls it. */
  isRecursive(index: number): boolean {
    const callees = this.callees(index);
    if (callees.has(index)) return true;
    const end = this.imported + this.bodies.length;
    return [...callees].some((it) =>
      it >= this.imported && it < end && this.callees(it).has(index)
    );
  }

  /** Returns true for a function that calls a function of its own type from the table. */
  isForwarding(index: number): boolean {
    const call = [CALL_INDIRECT, ...unsigned(this.type(index)), 0];
    const body = this.body(index);
    for (let at = body.indexOf(CALL_INDIRECT); at >= 0; at = body.indexOf(CALL_INDIRECT, at + 1)) {
      if (call.every((byte, offset) => body[at + offset] === byte)) return true;
    }
    return false;
  }
}
