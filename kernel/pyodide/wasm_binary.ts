import { joinedBytes } from "../joined_bytes.ts";

const HEADER_BYTES = 8;
const TYPES = 1;
const GLOBALS = 6;
const EXPORTS = 7;
const ELEMENTS = 9;
const DATA = 11;
/** The instruction before a constant of 32 bits, and the one that ends an expression. */
const [I32_CONST, END] = [0x41, 0x0b];
/** The section with the type of each function. */
export const FUNCTIONS = 3;
/** The section with the body of each function. */
export const CODE = 10;

/** A range of a module's bytes. */
export interface Span {
  start: number;
  end: number;
}

/** The parts of a module in its binary form. */
export class Sections {
  readonly #wasm: Uint8Array;
  readonly #list: (Span & { id: number; from: number })[] = [];

  /** @throws {Error} when the module is damaged. */
  constructor(wasm: Uint8Array) {
    this.#wasm = wasm;
    const reader = new Reader(wasm, HEADER_BYTES);
    while (reader.at < wasm.length) {
      const from = reader.at;
      const id = reader.byte();
      const size = reader.number();
      this.#list.push({ id, from, start: reader.at, end: reader.at + size });
      reader.at += size;
    }
  }

  /** The indexes of the exports, by "KIND NAME". */
  get exports(): Map<string, number> {
    const reader = this.#open(EXPORTS);
    return new Map(Array.from({ length: reader.number() }, () => {
      const name = reader.text();
      return [`${reader.byte()} ${name}`, reader.number()];
    }));
  }

  /** The names of the imported functions, in the order of their indexes, which come before all others. */
  importedFunctions(): string[] {
    const wasmModule = new WebAssembly.Module(this.with({}));
    return WebAssembly.Module.imports(wasmModule).filter(({ kind }) => kind === "function")
      .map(({ name }) => name);
  }

  /** Returns the number of parameters of each function type. */
  parameterCounts(): number[] {
    const reader = this.#open(TYPES);
    return Array.from({ length: reader.number() }, () => {
      if (reader.byte() !== 0x60) {
        throw new Error("Cannot read the module: a type is no function's");
      }
      const parameters = reader.number();
      reader.at += parameters;
      const results = reader.number();
      reader.at += results;
      return parameters;
    });
  }

  /** The values that exported global variables of 32 bits have at the start, such as the addresses of variables of C. */
  exportedValues(): Map<string, number> {
    const reader = this.#open(GLOBALS);
    const imported = WebAssembly.Module.imports(new WebAssembly.Module(this.with({})))
      .filter(({ kind }) => kind === "global").length;
    const values = Array.from({ length: reader.number() }, () => {
      reader.at += 2; // The type, and if the variable may change.
      return reader.constant();
    });
    return new Map(
      [...this.exports].filter(([name]) => name.startsWith("3 "))
        .map(([name, index]) => [name.slice(2), values[index - imported]!]),
    );
  }

  /** The functions in the table of a module with one segment of them: their indexes, by their places. */
  table(): Map<number, number> {
    const reader = this.#open(ELEMENTS);
    if (reader.number() !== 1 || reader.number() !== 0) {
      throw new Error("Cannot read the module: its table is not one segment");
    }
    const offset = reader.constant();
    return new Map(
      Array.from({ length: reader.number() }, (_, at) => [offset + at, reader.number()]),
    );
  }

  /** The contents of the memory at the start, from the address 0 to the last one with a value. */
  memory(): DataView {
    const reader = this.#open(DATA);
    const segments = Array.from({ length: reader.number() }, () => {
      if (reader.number() !== 0) {
        throw new Error("Cannot read the module: a part of its memory has no fixed place");
      }
      return { address: reader.constant(), bytes: reader.bytes() };
    });
    const size = Math.max(0, ...segments.map(({ address, bytes }) => address + bytes.length));
    const memory = new Uint8Array(size);
    for (const { address, bytes } of segments) memory.set(bytes, address);
    return new DataView(memory.buffer);
  }

  /** Reads a section that is a list of numbers. */
  numbersOf(id: number): number[] {
    const reader = this.#open(id);
    return Array.from({ length: reader.number() }, () => reader.number());
  }

  /** Reads a section that is a list of entries, each preceded by its size; returns their spans. */
  entriesOf(id: number): Span[] {
    const reader = this.#open(id);
    return Array.from({ length: reader.number() }, () => {
      const size = reader.number();
      const start = reader.at;
      reader.at += size;
      return { start, end: start + size };
    });
  }

  /** Returns the module with the contents of some sections replaced. */
  with(contents: Record<number, Uint8Array[]>): Uint8Array<ArrayBuffer> {
    const parts: Uint8Array[] = [this.#wasm.subarray(0, HEADER_BYTES)];
    for (const { id, from, end } of this.#list) {
      const content = contents[id];
      if (!content) parts.push(this.#wasm.subarray(from, end));
      else parts.push(new Uint8Array([id, ...unsigned(sizeOf(content))]), ...content);
    }
    return joinedBytes(parts);
  }

  #open(id: number): Reader {
    const section = this.#list.find((it) => it.id === id);
    if (!section) throw new Error(`Cannot read the module: it has no section ${id}`);
    return new Reader(this.#wasm, section.start);
  }
}

/** Reads the parts of a module one after the other. */
export class Reader {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.#bytes[this.at++]!;
  }

  /** Reads a number in LEB128. */
  number(): number {
    const value = this.numberOrNone();
    if (value === undefined) throw new Error("Cannot read the module: it is damaged");
    return value;
  }

  /** Reads a number in LEB128; returns undefined where there is none. */
  numberOrNone(): number | undefined {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  }

  /** Reads an expression that is a constant of 32 bits. */
  constant(): number {
    const instruction = this.byte();
    const value = this.number();
    if (instruction !== I32_CONST || this.byte() !== END) {
      throw new Error("Cannot read the module: a value is no constant");
    }
    return value;
  }

  /** Reads a list of bytes. */
  bytes(): Uint8Array {
    const length = this.number();
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  text(): string {
    return new TextDecoder().decode(this.bytes());
  }
}

/** Encodes a number that is not negative as an unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return [...bytes, value];
}

/** Encodes a number of 32 bits as a signed LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (; value < -0x40 || value >= 0x40; value >>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value & 0x7f];
}

/** Encodes a list: its length, then its items, in parts that follow each other. */
export function vector(items: (number[] | (number[] | Uint8Array)[])[]): Uint8Array[] {
  const parts: (number[] | Uint8Array)[] = [unsigned(items.length)];
  for (const item of items) {
    if (typeof item[0] === "number") parts.push(item as number[]);
    else parts.push(...item as (number[] | Uint8Array)[]);
  }
  return parts.map((part) => part instanceof Uint8Array ? part : new Uint8Array(part));
}

function sizeOf(parts: Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** Returns the index at which some bytes begin in others, from an index on; -1 where they do not. */
export function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(wanted[0]!, from); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
