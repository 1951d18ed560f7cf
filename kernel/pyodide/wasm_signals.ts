import { CODE, indexOf, Sections, unsigned, vector } from "./wasm_binary.ts";

/** The function that JavaScript gives to Python, and that tells if a signal has come. */
const HELPER = "_Py_CheckEmscriptenSignals_Helper";
/** Instructions. */
const [CALL, I32_CONST, I32_STORE] = [0x10, 0x41, 0x36];
/** Python asks for signals at one of so many opportunities. */
const INTERVAL = 50;
/** The instructions that begin to count anew: they store the interval. */
const RESTART_COUNT = new Uint8Array([I32_CONST, INTERVAL, I32_STORE, 2, 0]);

/**
 * Returns Pyodide's WebAssembly module, changed so that Python asks for signals at every opportunity: at each
 * turn of a loop, and after each call. A loop of fifty long calls would not be interrupted before its end.
 *
 * @throws {Error} when the module is not the expected one.
 */
export function askForSignalsAlways(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const module = new Sections(wasm);
  const helper = module.importedFunctions().indexOf(HELPER);
  const ask = new Uint8Array([CALL, ...unsigned(helper)]);
  let changed = 0;
  const bodies = module.entriesOf(CODE).map(({ start, end }) => {
    const body = wasm.subarray(start, end);
    const at = indexOf(body, RESTART_COUNT, 0);
    if (helper < 0 || at < 0 || indexOf(body, ask, 0) < 0) return body;
    changed++;
    const own = body.slice();
    own[at + 1] = 0;
    return own;
  });
  if (changed !== 1) {
    throw new Error(`Cannot change how often Python asks for signals: ${changed} functions count`);
  }
  return module.with({ [CODE]: vector(bodies.map((body) => [unsigned(body.length), body])) });
}
