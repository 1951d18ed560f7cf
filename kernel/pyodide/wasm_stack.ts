import {
  CODE,
  FUNCTIONS,
  indexOf,
  Reader,
  Sections,
  signed,
  unsigned,
  vector,
} from "./wasm_binary.ts";
import { Functions } from "./wasm_functions.ts";
import { uncheckedRecursion } from "./wasm_recursion.ts";

/** The indexes of the stack pointer and of functions, and the address of a text. */
interface Landmarks {
  stackPointer: number;
  /** Functions that look at the depth: one raises an exception, the others are told by it that they have to. */
  enterRecursiveCall: number;
  checkRecursiveCall: number;
  reachedLimit: number;
  /** Imported functions that call a function of JavaScript's, or one of C that JavaScript has to call. */
  javaScript: number[];
  evalFrame: number;
  dealloc: number;
  /** The end of the message of an exception. */
  where: number;
}

/** Kinds of exports. */
const FUNCTION = 0;
const GLOBAL = 3;
/** Instructions. */
const [END, CALL, LOCAL_GET, LOCAL_TEE, GLOBAL_GET, GLOBAL_SET, I32_CONST, I32_SUB] = [
  ...[0x0b, 0x10, 0x20, 0x22, 0x23, 0x24, 0x41, 0x6b],
] as const;
const [IF, RETURN, NO_VALUE, I32] = [0x04, 0x0f, 0x40, 0x7f] as const;
/**
 * The least bytes of Python's stack that a level of a recursion takes, besides those for its variables. They are
 * about what the level takes of the engine's stack, which has to last longer than Python's.
 */
const LEVEL_BYTES = 288;
/** The same for a rule of Python's grammar: a level of brackets in a program is about twenty rules. */
const RULE_BYTES = 48;
/** The same for a call of Python's code, and for one of C code through JavaScript. */
const [EVAL_BYTES, FOREIGN_BYTES] = [640, 2_048] as const;
/** The bytes for each variable and parameter. */
const VARIABLE_BYTES = 8;
/** The instructions with CPython's bounds of its limit, and those that replace them. */
const BOUNDS: readonly (readonly [number[], number[]])[] = [
  // Subtracts 16384; subtracts a mebibyte instead.
  [[I32_CONST, 0x80, 0x80, 0x01, I32_SUB], [I32_CONST, 0xff, 0xff, 0x3f, I32_SUB]],
  // Loads the address of the fatal limit from the state of the thread; drops the state, and gives 0 instead.
  [[0x28, 0x02, 0xcc, 0x05], [0x1a, I32_CONST, 0x00, 0x01]],
];
/** A text in the module, as an exception's message ends. */
const WHERE = " while calling a Python object\0";
/** The least number of recursive functions to change; fewer mean that the module is not the expected one. */
const FEWEST_RECURSIVE = 200;

/**
 * Returns Pyodide's WebAssembly module, changed so that each level of a recursion takes some of Python's
 * own stack, and ends in an exception when there is none left. CPython measures its depth by its stack pointer
 * alone, and compiled functions without local memory do not move that pointer: freeing nested lists, or
 * compiling a long sum, would use up the engine's stack instead, which ends the interpreter. Some functions
 * of CPython, such as the hash of a tuple, do not look at the depth at all.
 *
 * @throws {Error} when the module is not the expected one.
 */
export function countNesting(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const module = new Sections(wasm);
  const marks = landmarksOf(module);
  const functions = new Functions(wasm, module);
  const bodies = [...functions.bodies];
  const dealloc = marks.dealloc - functions.imported;
  bodies[dealloc] = spendWhereRead(bodies[dealloc]!, marks.stackPointer);
  for (const index of functions.indexes()) {
    if (!looksAtDepth(functions, index, marks)) continue;
    bodies[index - functions.imported] = withoutBounds(bodies[index - functions.imported]!);
  }
  const enter = bodies[marks.enterRecursiveCall - functions.imported]!;
  if (BOUNDS.some(([, to]) => indexOf(enter, new Uint8Array(to), 0) < 0)) {
    throw new Error("Cannot count nesting: the depth is compared otherwise");
  }
  const levels = levelsOf(functions, marks);
  for (const [index, failed] of uncheckedRecursion(module, functions)) {
    levels.set(index, { bytes: LEVEL_BYTES, failed });
  }
  const added: number[] = [];
  for (const [index, level] of levels) {
    const body = bodies[index - functions.imported]!;
    const wanted = level.bytes + VARIABLE_BYTES * functions.variables(index);
    const bytes = aligned(Math.max(0, wanted - spentBy(body, marks.stackPointer)));
    if (bytes === 0 && level.failed === undefined) continue;
    const moved = functions.imported + bodies.length;
    added.push(functions.type(index));
    bodies.push(body);
    const around = spendAround(moved, functions.parameters(index), { ...level, bytes }, marks);
    bodies[index - functions.imported] = around;
  }
  return module.with({
    [FUNCTIONS]: vector([...functions.types, ...added].map(unsigned)),
    [CODE]: vector(bodies.map((body) => [unsigned(body.length), body])),
  });
}

/** A function that is a level of a recursion. */
interface Level {
  /** The bytes of Python's stack that it has to take in addition. */
  bytes: number;
  /** The value that it returns after an exception; only for a function that does not look at the depth by itself. */
  failed?: number;
}

/** Returns the functions that look at the depth by themselves, and those that call themselves, by their indexes. */
function levelsOf(functions: Functions, marks: Landmarks): Map<number, Level> {
  const levels = new Map<number, Level>();
  for (const index of functions.indexes()) {
    if (index === marks.dealloc) continue;
    const callees = functions.callees(index);
    if (callees.has(marks.reachedLimit)) levels.set(index, { bytes: RULE_BYTES });
    else if (marks.javaScript.some((it) => callees.has(it))) {
      levels.set(index, { bytes: FOREIGN_BYTES });
    } else if (
      callees.has(marks.enterRecursiveCall) || callees.has(marks.checkRecursiveCall) ||
      functions.isRecursive(index)
    ) levels.set(index, { bytes: LEVEL_BYTES });
  }
  if (levels.size < FEWEST_RECURSIVE) {
    throw new Error(`Cannot count nesting: only ${levels.size} functions are recursive`);
  }
  levels.set(marks.evalFrame, { bytes: EVAL_BYTES });
  return levels;
}

/** Returns true for the functions with CPython's look at the depth, which compares the stack pointer. */
function looksAtDepth(functions: Functions, index: number, marks: Landmarks): boolean {
  const { enterRecursiveCall, checkRecursiveCall, evalFrame, reachedLimit } = marks;
  return [enterRecursiveCall, checkRecursiveCall, evalFrame, reachedLimit].includes(index) ||
    functions.callees(index).has(checkRecursiveCall);
}

/**
 * Changes the body of a function that looks at the depth. CPython takes a pointer that is 16 KiB beyond the limit
 * for one of another stack, and one that is 8 KiB beyond it for a fatal error. A chain of functions that do
 * not look at the depth comes further, and has to end in an exception too.
 */
function withoutBounds(body: Uint8Array): Uint8Array {
  const changed = body.slice();
  for (const [from, to] of BOUNDS) {
    const bytes = new Uint8Array(from);
    for (let at = indexOf(body, bytes, 0); at >= 0; at = indexOf(body, bytes, at + 1)) {
      changed.set(to, at);
    }
  }
  return changed;
}

/** Rounds a size up: functions rely on a stack pointer that is a multiple of 16. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

/** Returns the bytes of Python's stack that a function takes by itself. */
function spentBy(body: Uint8Array, stackPointer: number): number {
  const take = new Uint8Array([GLOBAL_GET, ...unsigned(stackPointer), I32_CONST]);
  const at = indexOf(body, take, 0);
  return at < 0 ? 0 : new Reader(body, at + take.length).number();
}

/**
 * Returns the body of a function that moves the stack pointer down, looks at the depth if `callee` does not, and
 * calls `callee` with its parameters.
 */
function spendAround(
  callee: number,
  parameters: number,
  { bytes, failed }: Level,
  { stackPointer, enterRecursiveCall, where }: Landmarks,
): Uint8Array {
  const before = unsigned(parameters); // The variable with the stack pointer: the first one after the parameters.
  const spend = [
    ...[GLOBAL_GET, ...unsigned(stackPointer), LOCAL_TEE, ...before],
    ...[I32_CONST, ...signed(bytes), I32_SUB, GLOBAL_SET, ...unsigned(stackPointer)],
  ];
  const restore = [LOCAL_GET, ...before, GLOBAL_SET, ...unsigned(stackPointer)];
  const check = failed === undefined ? [] : [
    ...[I32_CONST, ...signed(where), CALL, ...unsigned(enterRecursiveCall)],
    ...[IF, NO_VALUE, ...restore, I32_CONST, ...signed(failed), RETURN, END],
  ];
  return new Uint8Array([
    ...[1, 1, I32], // One variable.
    ...spend,
    ...check,
    ...Array.from({ length: parameters }, (_, index) => [LOCAL_GET, ...unsigned(index)]).flat(),
    ...[CALL, ...unsigned(callee)],
    ...restore,
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
  const memory = new Uint8Array(module.memory().buffer);
  const where = indexOf(memory, new TextEncoder().encode(WHERE), 0);
  if (where < 0) throw new Error(`Cannot count nesting: there is no "${WHERE}"`);
  const imports = module.importedFunctions();
  const javaScript = ["ffi_call_js", "JsvFunction_CallBound", "JsvFunction_Construct"]
    .map((name) => imports.indexOf(name));
  if (javaScript.includes(-1)) {
    throw new Error("Cannot count nesting: JavaScript is called otherwise");
  }
  return {
    where,
    javaScript,
    checkRecursiveCall: exported(FUNCTION, "_Py_CheckRecursiveCall"),
    reachedLimit: exported(FUNCTION, "_Py_ReachedRecursionLimitWithMargin"),
    evalFrame: exported(FUNCTION, "_PyEval_EvalFrameDefault"),
    stackPointer: exported(GLOBAL, "__stack_pointer"),
    enterRecursiveCall: exported(FUNCTION, "Py_EnterRecursiveCall"),
    dealloc: exported(FUNCTION, "_Py_Dealloc"),
  };
}
