/** Taken before user code could replace them. */
const { defineProperty, freeze, getOwnPropertyNames, getPrototypeOf } = Object;

/** The built-in objects that are frozen, with their prototypes, by their global names. */
const FROZEN = [
  ...["Array", "ArrayBuffer", "Atomics", "BigInt", "DataView", "Date", "JSON", "Map", "Math"],
  ...["Number", "Promise", "Proxy", "Reflect", "Set", "SharedArrayBuffer", "String"],
  ...["Symbol", "TextDecoder", "TextEncoder", "WeakMap", "WeakRef", "WeakSet", "WebAssembly"],
  ...["BigInt64Array", "BigUint64Array", "Float32Array", "Float64Array", "Int8Array", "Int16Array"],
  ...["Int32Array", "Uint8Array", "Uint8ClampedArray", "Uint16Array", "Uint32Array"],
];
/**
 * Classes of which only the own functions are protected. All objects inherit members from the prototypes of some, and
 * set their own; regular expressions with a frozen prototype are twenty times slower.
 */
const OPEN = ["Error", "Function", "Object", "RegExp"];
const FUNCTION_METHODS = ["apply", "bind", "call"];

/**
 * Makes the built-in objects of this thread's JavaScript unchangeable, as far as the interpreter needs them.
 * Code of the user that replaces `Array.prototype.push` or `JSON.parse` would otherwise make the interpreter hang or
 * end; now the assignment fails. Whole objects are frozen, because the JavaScript engine has slower arrays when a
 * single member was changed.
 */
export function protectBuiltIns(): void {
  const scope = globalThis as unknown as Record<string, { prototype?: object }>;
  for (const name of FROZEN) freezeAll(scope[name], scope[name]?.prototype);
  // The class of all typed arrays, and those of iterators, have no names.
  freezeAll(getPrototypeOf(Uint8Array), getPrototypeOf(Uint8Array.prototype));
  for (const iterable of [[], new Map(), new Set(), ""]) {
    freezeAll(getPrototypeOf(iterable[Symbol.iterator]()));
  }
  for (const name of OPEN) protect(scope[name]!, functionsOf(scope[name]!));
  protect(Function.prototype, FUNCTION_METHODS);
  protect(globalThis, [...FROZEN, ...OPEN]);
}

function freezeAll(...objects: readonly (object | undefined)[]): void {
  for (const object of objects) if (object) freeze(object);
}

function functionsOf(object: object): string[] {
  const members = object as Record<string, unknown>;
  return getOwnPropertyNames(object).filter((name) => typeof members[name] === "function");
}

function protect(object: object, names: readonly string[]): void {
  const members = object as Record<string, unknown>;
  for (const name of names) {
    // Deno makes some globals when they are first asked for.
    const value = members[name];
    if (value === undefined) continue;
    defineProperty(object, name, { value, writable: false, configurable: false });
  }
}
