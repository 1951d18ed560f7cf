import type { EmscriptenModule, SnapshotConfig } from "./emscripten.ts";
import { free } from "./bytes.ts";
import { WASM_PAGE_SIZE } from "./wasm_memory.ts";

/** The size in bytes of the pages in which memory is compared and restored. */
export const PAGE_SIZE = 4096;

/**
 * The memory of a started interpreter, as its difference from the memory of a new instance. Half of the
 * memory is zero, and much of the rest comes with the WebAssembly module.
 */
export interface MemoryImage {
  /** The size of the whole memory, in bytes. */
  byteLength: number;
  /** The runs of pages that differ: pairs of the first page and the number of pages, ascending. */
  runs: Uint32Array;
  /** The contents of the runs, one after the other. */
  pages: Uint8Array;
  /** The ways to the JavaScript objects that the memory refers to by number. */
  references: SnapshotConfig;
  /** Identifies the glue whose functions the memory refers to by number. */
  glueId: string;
}

/** Grows the memory of a new instance to the size that an image needs. */
export function growMemory(instance: WebAssembly.Instance, byteLength: number): void {
  const { memory } = instance.exports;
  if (!(memory instanceof WebAssembly.Memory)) {
    throw new Error("Cannot restore an image: the module exports no memory");
  }
  const missing = byteLength - memory.buffer.byteLength;
  if (missing > 0) memory.grow(missing / WASM_PAGE_SIZE);
}

/** Writes an image into a module in which no Python has run, and frees the image's pages. */
export function restoreImage({ HEAPU8 }: EmscriptenModule, image: MemoryImage): void {
  let from = 0;
  for (const [first, count] of pairs(image.runs)) {
    const length = count * PAGE_SIZE;
    HEAPU8.set(image.pages.subarray(from, from + length), first * PAGE_SIZE);
    from += length;
  }
  free(image.pages);
}

/** A range of addresses. */
export interface MemoryRange {
  from: number;
  to: number;
}

/**
 * Returns the image of `memory`: the pages that differ from a new instance's. Pages in which the two
 * `fresh` memories differ from each other vary from start to start, so the image always holds them, and
 * also those of the ranges in `kept`.
 */
export function diffMemory(
  memory: Uint8Array,
  fresh: readonly [Uint8Array, Uint8Array],
  references: SnapshotConfig,
  kept: readonly MemoryRange[] = [],
): Omit<MemoryImage, "glueId"> {
  const always = new Set<number>();
  for (const { from, to } of kept) {
    for (let at = Math.floor(from / PAGE_SIZE); at * PAGE_SIZE < to; at++) always.add(at);
  }
  const runs: number[] = [];
  const chunks: Uint8Array[] = [];
  for (let page = 0; page * PAGE_SIZE < memory.length; page++) {
    const [now, one, other] = [memory, ...fresh].map((bytes) =>
      bytes.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)
    ) as [Uint8Array, Uint8Array, Uint8Array];
    if (!always.has(page) && sameBytes(now, one) && sameBytes(one, other)) continue;
    chunks.push(now);
    const last = runs.length - 2;
    if (last >= 0 && runs[last]! + runs[last + 1]! === page) runs[last + 1]!++;
    else runs.push(page, 1);
  }
  const pages = new Uint8Array(chunks.length * PAGE_SIZE);
  chunks.forEach((chunk, index) => pages.set(chunk, index * PAGE_SIZE));
  return { byteLength: memory.length, runs: new Uint32Array(runs), pages, references };
}

/** Compares pages. `b` is empty beyond the end of a new instance's memory, which counts as zeros. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  const words = new Float64Array(0).BYTES_PER_ELEMENT;
  if (b.length === 0) return a.every((byte) => byte === 0);
  const [left, right] = [a, b].map((bytes) =>
    new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / words)
  ) as [BigUint64Array, BigUint64Array];
  return left.every((word, index) => word === right[index]);
}

function* pairs(runs: Uint32Array): Generator<[number, number]> {
  for (let index = 0; index < runs.length; index += 2) yield [runs[index]!, runs[index + 1]!];
}
