import { CODE, FUNCTIONS, indexOf, Sections, signed, unsigned, vector } from "./wasm_binary.ts";

/** The indexes of the stack pointer and of two functions, and the number of functions that are imported. */
interface Landmarks {
  stackPointer: number;
  enterRecursiveCall: number;
  dealloc: number;
  importedFunctions: number;
}

/** Kinds of exports. */
const FUNCTION = 0;
const GLOBAL = 3;
/** Instructions. */
const [END, CALL, LOCAL_GET, LOCAL_TEE, GLOBAL_GET, GLOBAL_SET, I32_CONST, I32_ADD, I32_SUB] = [
  ...[0x0b, 0x10, 0x20, 0x22, 0x23, 0x24, 0x41, 0x6a, 0x6b],
] as const;
/**
 * The least bytes of Python's stack that each level of a recursion takes. The level takes about ten times
 * as much of the engine's stack, which has to last longer than Python's.
 */
const LEVEL_BYTES = 96;
/** The least number of recursive functions to change; fewer mean that the module is not the expected one. */
const FEWEST_RECURSIVE = 20;

/**
 * Returns Pyodide's WebAssembly module, changed so that each level of a recursion takes some of Python's
 * own stack. CPython measures its depth by its stack pointer alone, and compiled functions without local
 * memory do not move that pointer: freeing nested lists, or compiling a long sum, would use up the
 * engine's stack instead, which ends the interpreter.
 *
 * @throws {Error} when the module is not the expected one.
 */
export function countNesting(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const module = new Sections(wasm);
  const marks = landmarksOf(module);
  const bodies = module.entriesOf(CODE);
  const own = bodies.map((body) => wasm.subarray(body.start, body.end));
  const dealloc = marks.dealloc - marks.importedFunctions;
  own[dealloc] = spendWhereRead(own[dealloc]!, marks.stackPointer);
  const call = new Uint8Array([CALL, ...unsigned(marks.enterRecursiveCall)]);
  const recursive = own.flatMap((body, index) =>
    indexOf(body, call, 0) >= 0 && spentBy(body, marks.stackPointer) < LEVEL_BYTES ? [index] : []
  );
  if (recursive.length < FEWEST_RECURSIVE) {
    throw new Error(`Cannot count nesting: only ${recursive.length} functions are recursive`);
  }
  const typeIndexes = module.numbersOf(FUNCTIONS);
  const parameters = module.parameterCounts();
  const added: number[] = [];
  for (const index of recursive) {
    const type = typeIndexes[index]!;
    const moved = marks.importedFunctions + own.length;
    added.push(type);
    own.push(own[index]!);
    own[index] = spendAround(moved, parameters[type]!, marks.stackPointer);
  }
  return module.with({
    [FUNCTIONS]: vector([...typeIndexes, ...added].map(unsigned)),
    [CODE]: vector(own.map((body) => [unsigned(body.length), body])),
  });
}

/** Returns the bytes of Python's stack that a function takes by itself. */
function spentBy(body: Uint8Array, stackPointer: number): number {
  const take = new Uint8Array([GLOBAL_GET, ...unsigned(stackPointer), I32_CONST]);
  const at = indexOf(body, take, 0);
  if (at < 0) return 0;
  const [low, high] = [body[at + take.length]!, body[at + take.length + 1]!];
  // In LEB128, one byte holds at most 63; two bytes are enough for the memory that a function takes.
  return low < 0x80 ? low & 0x3f : (low & 0x7f) + (high & 0x3f) * 128;
}

/** Returns the body of a function that moves the stack pointer down and calls `callee` with its parameters. */
function spendAround(callee: number, parameters: number, stackPointer: number): Uint8Array {
  const move = (operation: number) => [
    ...[GLOBAL_GET, ...unsigned(stackPointer), I32_CONST, ...signed(LEVEL_BYTES)],
    ...[operation, GLOBAL_SET, ...unsigned(stackPointer)],
  ];
  return new Uint8Array([
    0, // No locals.
    ...move(I32_SUB),
    ...Array.from({ length: parameters }, (_, index) => [LOCAL_GET, ...unsigned(index)]).flat(),
    ...[CALL, ...unsigned(callee)],
    ...move(I32_ADD),
    END,
  ]);
}

/**
 * Changes the body of a function that reads the stack pointer, to measure the rest of the stack, and
 * restores the pointer at each of its ends: the changed body moves the pointer in between.
 */
function spendWhereRead(body: Uint8Array, stackPointer: number): Uint8Array {
  const get = [GLOBAL_GET, ...unsigned(stackPointer)];
  const read = new Uint8Array([...get, LOCAL_TEE]);
  const at = indexOf(body, read, 0);
  const local = body[at + read.length]!;
  const restore = new Uint8Array([LOCAL_GET, local, GLOBAL_SET, ...unsigned(stackPointer)]);
  if (
    at < 0 || indexOf(body, read, at + 1) >= 0 || indexOf(body, restore, at) < 0 || local > 0x7f
  ) {
    throw new Error("Cannot count nesting: objects are freed otherwise");
  }
  const after = at + read.length + 1;
  const spend = [
    ...[I32_CONST, ...signed(LEVEL_BYTES), I32_SUB, GLOBAL_SET, ...unsigned(stackPointer)],
    ...get,
  ];
  return new Uint8Array([...body.subarray(0, after), ...spend, ...body.subarray(after)]);
}

function landmarksOf(module: Sections): Landmarks {
  const exported = (kind: number, name: string): number => {
    const index = module.exports.get(`${kind} ${name}`);
    if (index === undefined) throw new Error(`Cannot count nesting: there is no "${name}"`);
    return index;
  };
  return {
    stackPointer: exported(GLOBAL, "__stack_pointer"),
    enterRecursiveCall: exported(FUNCTION, "Py_EnterRecursiveCall"),
    dealloc: exported(FUNCTION, "_Py_Dealloc"),
    importedFunctions: module.importedFunctions().length,
  };
}
