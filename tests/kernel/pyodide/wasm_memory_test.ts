import assert from "node:assert/strict";
import { assetPath } from "../../../kernel/pyodide/pinned.ts";
import { limitWasmMemory, WASM_PAGE_SIZE } from "../../../kernel/pyodide/wasm_memory.ts";

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** A custom section, which comes before. */
const CUSTOM = [0, 3, 1, 0x78, 0];
const EXPORT = [7, 5, 1, 1, 0x6d, 2, 0];

function module(...memory: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...HEADER, ...CUSTOM, 5, memory.length, ...memory, ...EXPORT]);
}

async function memoryOf(wasm: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Memory> {
  const { instance } = await WebAssembly.instantiate(wasm);
  return instance.exports["m"] as WebAssembly.Memory;
}

Deno.test("limitWasmMemory() lowers how far a module's memory grows", async () => {
  const wasm = module(1, 1, 2, 0x80, 0x80, 4); // One memory, from 2 to 65536 pages.
  limitWasmMemory(wasm, 3.5 * WASM_PAGE_SIZE);
  const memory = await memoryOf(wasm);
  assert.equal(memory.grow(1), 2);
  assert.throws(() => memory.grow(1), RangeError);
});

Deno.test("limitWasmMemory() does not raise it", async () => {
  const wasm = module(1, 1, 1, 2);
  limitWasmMemory(wasm, 100 * WASM_PAGE_SIZE);
  const memory = await memoryOf(wasm);
  assert.equal(memory.grow(1), 1);
  assert.throws(() => memory.grow(1), RangeError);
});

Deno.test("limitWasmMemory() limits Pyodide's memory", async () => {
  const wasm = await Deno.readFile(assetPath("pyodide.asm.wasm"));
  const { length } = wasm;
  limitWasmMemory(wasm, 256 * 2 ** 20);
  assert.equal(wasm.length, length);
  assert(WebAssembly.validate(wasm));
});

for (
  const [what, wasm, message] of [
    ["declares no memory", new Uint8Array([...HEADER, ...CUSTOM]), /declares none/],
    ["has a memory without a maximum", module(1, 0, 1), /with a maximum/],
    ["starts with more", module(1, 1, 10, 0x80, 4), /starts with more/],
  ] as const
) {
  Deno.test(`limitWasmMemory() refuses a module that ${what}`, () => {
    assert.throws(() => limitWasmMemory(wasm, WASM_PAGE_SIZE), { message });
  });
}
