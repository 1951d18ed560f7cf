import { free } from "./bytes.ts";

const HEADER_BYTES = 8;
const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;

/** The size of a page of WebAssembly memory, in bytes. */
export const WASM_PAGE_SIZE = 65_536;

/** Compiles a WebAssembly file so that its instances have at most that much memory. */
export async function compileModule(
  wasmPath: string,
  maxBytes: number,
): Promise<WebAssembly.Module> {
  const wasm = await Deno.readFile(wasmPath);
  limitWasmMemory(wasm, maxBytes);
  const module = await WebAssembly.compile(wasm);
  free(wasm);
  return module;
}

/**
 * Lowers the maximum of the memory that a WebAssembly module declares, by changing its binary in place.
 * The limit has to be set there: the module creates its memory itself, and no API lowers its maximum.
 */
export function limitWasmMemory(wasm: Uint8Array, maxBytes: number): void {
  let at = HEADER_BYTES;
  while (at < wasm.length) {
    const id = wasm[at]!;
    const size = readNumber(wasm, at + 1);
    if (id === MEMORY_SECTION) return limitMemorySection(wasm, size.end, maxBytes);
    at = size.end + size.value;
  }
  throw new Error("Cannot limit memory: the module declares none");
}

function limitMemorySection(wasm: Uint8Array, from: number, maxBytes: number): void {
  const count = readNumber(wasm, from);
  const flags = wasm[count.end]!;
  if (count.value !== 1 || (flags & HAS_MAXIMUM) === 0) {
    throw new Error("Cannot limit memory: the module does not declare one memory with a maximum");
  }
  const initial = readNumber(wasm, count.end + 1);
  const maximum = readNumber(wasm, initial.end);
  const pages = Math.floor(maxBytes / WASM_PAGE_SIZE);
  if (pages < initial.value) {
    throw new Error(`Cannot limit memory to ${maxBytes} bytes: the module starts with more`);
  }
  writeNumber(wasm, initial.end, maximum.end, Math.min(pages, maximum.value));
}

/** Reads a number in LEB128; returns its value and the index after it. */
function readNumber(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++]!;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end: at };
  }
  throw new Error("Cannot limit memory: the module is damaged");
}

/** Writes a number in LEB128, padded to the length of the one that it replaces. */
function writeNumber(bytes: Uint8Array, at: number, end: number, value: number): void {
  for (; at < end - 1; value = Math.floor(value / 128)) bytes[at++] = (value % 128) | 0x80;
  bytes[at] = value;
}
