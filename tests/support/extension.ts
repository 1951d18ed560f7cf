import wabt from "wabt";

/** The name of the section that describes how to link an extension. */
const DYLINK_SECTION = "dylink.0";
const MEMORY_INFO = 1;
const NEEDED = 2;

/** A shared library with a function that extensions call; the library needs the interpreter. */
const LIBRARY = `(module
  (import "env" "memory" (memory 1))
  (import "env" "PyNumber_Add" (func $add (param i32 i32) (result i32)))
  (func (export "library_add") (param i32 i32) (result i32)
    (call $add (local.get 0) (local.get 1))))`;

/**
 * Returns the text of a Python module `tiny`, as a C compiler would make it, with a method `add(a, b)`. The
 * module imports every kind of thing that extensions import from an interpreter: functions, the address of
 * a variable (the exception for arguments that are not numbers), and functions by address (its method, and
 * the function that adds, unless a library has that one).
 */
function extensionSource(library: boolean): string {
  return `(module
  (import "env" "memory" (memory 1))
  (import "env" "__indirect_function_table" (table 1 funcref))
  (import "env" "__memory_base" (global $memory i32))
  (import "env" "__table_base" (global $table i32))
  (import "env" "PyModule_Create2" (func $create (param i32 i32) (result i32)))
  (import "env" "PyTuple_GetItem" (func $item (param i32 i32) (result i32)))
  (import "env" "PyErr_SetString" (func $raise (param i32 i32)))
  (import "env" "PyNumber_Check" (func $isNumber (param i32) (result i32)))
  (import "GOT.mem" "PyExc_ValueError" (global $ValueError (mut i32)))
  ${
    library
      ? '(import "env" "library_add" (func $libraryAdd (param i32 i32) (result i32)))'
      : '(import "GOT.func" "PyNumber_Add" (global $plus (mut i32)))'
  }
  (type $binary (func (param i32 i32) (result i32)))
  (elem (global.get $table) $add)

  ;; name at 0, "add" at 8, message at 16, the methods at 64, the module at 128
  (data (global.get $memory) "tiny\\00\\00\\00\\00add\\00\\00\\00\\00\\00use two numbers\\00")

  (func $add (type $binary)
    (local $a i32) (local $b i32)
    (local.set $a (call $item (local.get 1) (i32.const 0)))
    (if (i32.eqz (local.get $a)) (then (return (i32.const 0))))
    (local.set $b (call $item (local.get 1) (i32.const 1)))
    (if (i32.eqz (local.get $b)) (then (return (i32.const 0))))
    (if (i32.eqz (i32.and (call $isNumber (local.get $a)) (call $isNumber (local.get $b))))
      (then
        ;; the variable holds a reference to the exception's class
        (call $raise (i32.load (global.get $ValueError))
          (i32.add (global.get $memory) (i32.const 16)))
        (return (i32.const 0))))
    ${
    library
      ? "(call $libraryAdd (local.get $a) (local.get $b))"
      : "(call_indirect (type $binary) (local.get $a) (local.get $b) (global.get $plus))"
  })

  (func (export "PyInit_tiny") (result i32)
    (local $methods i32) (local $module i32)
    (local.set $methods (i32.add (global.get $memory) (i32.const 64)))
    (local.set $module (i32.add (global.get $memory) (i32.const 128)))
    ;; PyMethodDef: name, function, METH_VARARGS; the next one is null
    (i32.store (local.get $methods) (i32.add (global.get $memory) (i32.const 8)))
    (i32.store offset=4 (local.get $methods) (global.get $table))
    (i32.store offset=8 (local.get $methods) (i32.const 1))
    ;; PyModuleDef: a head of 20 bytes, name, doc, size, methods
    (i32.store (local.get $module) (i32.const 1))
    (i32.store offset=20 (local.get $module) (global.get $memory))
    (i32.store offset=28 (local.get $module) (i32.const -1))
    (i32.store offset=32 (local.get $module) (local.get $methods))
    (call $create (local.get $module) (i32.const 1013))))`;
}

/** Returns the bytes of `tiny.so`; with a `library`, the module adds by the library's function. */
export async function tinyExtension(library?: string): Promise<Uint8Array<ArrayBuffer>> {
  // 256 bytes of memory, aligned to 16, and one place in the table.
  const info: Subsection = [MEMORY_INFO, [...leb128(256), 4, 1, 0]];
  if (library === undefined) return await assemble(extensionSource(false), info);
  return await assemble(extensionSource(true), info, [NEEDED, [1, ...text(library)]]);
}

/** Returns the bytes of a shared library for `tiny.so`. */
export async function tinyLibrary(): Promise<Uint8Array<ArrayBuffer>> {
  return await assemble(LIBRARY, [MEMORY_INFO, [0, 0, 0, 0]]);
}

/** A part of the section that describes how to link a module: its kind and its content. */
type Subsection = [kind: number, content: number[]];

/** Assembles a module, and adds the section that describes how to link it. */
async function assemble(
  source: string,
  ...subsections: Subsection[]
): Promise<Uint8Array<ArrayBuffer>> {
  const { parseWat } = await wabt();
  using parsed = disposable(parseWat("module.wat", source));
  const { buffer } = parsed.value.toBinary({});
  const [magic, rest] = [buffer.subarray(0, 8), buffer.subarray(8)];
  const content = [
    ...text(DYLINK_SECTION),
    ...subsections.flatMap(([number, bytes]) => [number, ...leb128(bytes.length), ...bytes]),
  ];
  return new Uint8Array([...magic, 0, ...leb128(content.length), ...content, ...rest]);
}

/** Encodes a string as WebAssembly does, with its length before it. */
function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...leb128(bytes.length), ...bytes];
}

function disposable<T extends { destroy(): void }>(value: T): Disposable & { value: T } {
  return { value, [Symbol.dispose]: () => value.destroy() };
}

/** Encodes a number below 16384 as LEB128. */
function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, value >> 7];
}
