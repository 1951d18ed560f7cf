import type { Sections } from "./wasm_binary.ts";
import type { Functions } from "./wasm_functions.ts";

/**
 * The functions of Python's C interface that call themselves for what an object contains or stands for, and
 * that do not look at the depth themselves, with the values that they return after an exception.
 */
const FORWARDING: Readonly<Record<string, number>> = {
  ...{ PyObject_Hash: -1, PyObject_Size: -1, PyMapping_Size: -1, PySequence_Contains: -1 },
  ...{ PyObject_GetAttr: 0, PyObject_GetOptionalAttr: -1, PyObject_SetAttr: -1 },
  ...{ PyObject_GetItem: 0, PyObject_SetItem: -1, PyObject_DelItem: -1 },
  ...{ PyObject_GetIter: 0, PyIter_Next: 0, PyNumber_Or: 0, PyNumber_InPlaceOr: 0 },
};
/** The methods of types of C whose functions call themselves for what an object contains. */
const METHODS = ["__deepcopy__", "close", "throw"];

/** The number of `tp_iternext` in a list of slots, and its offset in a type. */
const ITERNEXT = { slot: 63, offset: 112 };
/** The numbers of slots are smaller. */
const SLOT_END = 84;
/** The least number of iterators over iterators; fewer mean that the module is not the expected one. */
const FEWEST_ITERATORS = 15;

/**
 * Finds the functions that can call themselves without end because of a value that is nested deep, such as
 * the hash of a tuple of tuples or the next value of an iterator over iterators, and that do not look
 * at the depth. Returns what each of them returns after an exception, by the index of the function.
 *
 * @throws {Error} when the module is not the expected one.
 */
export function uncheckedRecursion(module: Sections, functions: Functions): Map<number, number> {
  const found = new Map<number, number>();
  const { exports } = module;
  const exported = (name: string): number => {
    const index = exports.get(`0 ${name}`);
    if (index === undefined) throw new Error(`Cannot count nesting: there is no "${name}"`);
    return index;
  };
  for (const [name, failed] of Object.entries(FORWARDING)) found.set(exported(name), failed);
  const table = module.table();
  const inTable = (places: Iterable<number>) =>
    [...places].flatMap((place) => table.get(place) ?? [])
      .filter((index) => index >= functions.imported);
  const iterators = inTable(iterNextPlaces(module))
    .filter((index) => functions.parameters(index) === 1 && functions.isForwarding(index));
  if (new Set(iterators).size < FEWEST_ITERATORS) {
    throw new Error(`Cannot count nesting: only ${iterators.length} iterators have iterators`);
  }
  // Python's calling convention has four parameters; functions of other libraries can have as many.
  const known = new Set(exports.values());
  const python = new Set(
    [...exports].filter(([name]) => /^0 _?Py/.test(name)).map(([, index]) => index),
  );
  const calls = inTable(table.keys()).filter((index) =>
    functions.parameters(index) === 4 && functions.isForwarding(index) &&
    [...functions.callees(index)].some((callee) => python.has(callee))
  );
  const methods = inTable(methodPlaces(module))
    .flatMap((index) => [index, ...functions.callees(index)])
    .filter((index) =>
      index >= functions.imported && !known.has(index) && functions.isRecursive(index)
    );
  // All of them return NULL.
  for (const index of [...iterators, ...calls, ...methods]) {
    if (!found.has(index)) found.set(index, 0);
  }
  return found;
}

/** Yields the places in the table of the functions that return an iterator's next value. */
function* iterNextPlaces(module: Sections): Iterable<number> {
  const memory = module.memory();
  const word = (address: number) => memory.getUint32(address, true);
  for (const [name, address] of module.exportedValues()) {
    if (/^_?Py\w+_Type$/.test(name) && address + ITERNEXT.offset < memory.byteLength) {
      yield word(address + ITERNEXT.offset);
    }
  }
  // A list of slots consists of pairs: the number of a slot, and its function.
  for (let at = 8; at + 12 < memory.byteLength; at += 4) {
    const isSlot = word(at) === ITERNEXT.slot;
    if (isSlot && word(at - 8) < SLOT_END && word(at + 8) < SLOT_END) yield word(at + 4);
  }
}

/** Yields the places in the table of the functions of the methods. */
function* methodPlaces(module: Sections): Iterable<number> {
  const memory = module.memory();
  const text = new TextDecoder("latin1").decode(memory);
  const names = new Set<number>();
  for (const name of METHODS) {
    // A name can be the end of a longer one.
    for (let at = text.indexOf(`${name}\0`); at >= 0; at = text.indexOf(`${name}\0`, at + 1)) {
      names.add(at);
    }
  }
  // A list of methods begins with the name and the function of each.
  for (let at = 0; at + 8 < memory.byteLength; at += 4) {
    if (names.has(memory.getUint32(at, true))) yield memory.getUint32(at + 4, true);
  }
}
