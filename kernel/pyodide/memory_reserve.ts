import type { EmscriptenModule } from "./emscripten.ts";

/**
 * The size of a block: Python takes memory for small objects in arenas of 256 KiB, which begin at a multiple of
 * 64 KiB, so that one arena has room in each block.
 */
const BLOCK_BYTES = (256 + 64 + 16) * 1024;
/** The number of blocks: 4 MiB are enough for running a small cell and for showing an exception. */
const BLOCKS = 12;
/** The number of them that user code gets, one each time that it is refused memory, to handle that. */
const RELIEF_BLOCKS = 3;

/**
 * Memory of an interpreter that is kept for the kernel's own code. User code that has filled the rest gets
 * a MemoryError; the kernel then still has to report it, and to run the cell that frees memory.
 */
export class MemoryReserve {
  readonly #module: Pick<EmscriptenModule, "_malloc" | "_free">;
  readonly #blocks: number[] = [];
  #full = false;
  #refused = false;

  /** Takes the memory at once. */
  constructor(module: Pick<EmscriptenModule, "_malloc" | "_free">) {
    this.#module = module;
    this.#take();
  }

  /** Notes that the interpreter was refused memory. */
  noteFull(): void {
    this.#full = this.#refused = true;
  }

  /**
   * Gives user code that was refused memory a little: a task that fails has to wake those that wait for it.
   * The interpreter calls this often, and never while it takes memory.
   */
  relieve(): void {
    if (!this.#refused) return;
    this.#refused = false;
    if (this.#blocks.length > BLOCKS - RELIEF_BLOCKS) this.#module._free(this.#blocks.pop()!);
  }

  /** Gives the memory to the code that runs now, if there is no other. */
  open(): void {
    if (this.#full) this.release();
  }

  /** Takes the memory back before user code runs: what is left of it, until user code has freed memory. */
  close(): void {
    if (!this.#full) return;
    this.#full = false;
    this.#take(); // This notes when there is too little.
  }

  /** Gives all of it away for good. */
  release(): void {
    for (const block of this.#blocks.splice(0)) this.#module._free(block);
  }

  #take(): void {
    while (this.#blocks.length < BLOCKS) {
      const block = this.#module._malloc(BLOCK_BYTES);
      if (block === 0) return this.#noteShort();
      this.#blocks.push(block);
    }
    // The code that runs next needs some memory besides.
    const more = this.#module._malloc(BLOCKS * BLOCK_BYTES);
    if (more === 0) this.#noteShort();
    else this.#module._free(more);
  }

  /** Notes that there is too little, although no user code was refused anything. */
  #noteShort(): void {
    this.#full = true;
    this.#refused = false;
  }
}
