/**
 * The filter that Linux runs at each system call of a kernel's process (seccomp), as a program for the
 * small machine that Linux has for filters (BPF). The filter allows the calls that an interpreter makes
 * and no others, so that code which has broken out of the engine finds no `execve`, no `ptrace`, no
 * `mount`, and none of the calls that Linux adds in future.
 */
import { type Architecture, numberOf, numbersOf } from "./system_calls.ts";

/** Options for {@linkcode systemCallFilter}. */
export interface FilterOptions {
  architecture: Architecture;
  /** The id of the filtered process, which may send signals to itself only. */
  pid: number;
  /** True when the process may change files; otherwise it may only read them. */
  changesFiles: boolean;
  /** True when the process may make sockets. */
  usesNetwork: boolean;
}

/** One instruction: its code, the jumps for a comparison that holds and for one that fails, its operand. */
type Instruction = readonly [code: number, yes: number, no: number, operand: number];

/** A condition on a call: the word at the offset `at`, masked, is one of the values. */
interface Condition {
  at: number;
  mask?: number;
  values: readonly number[];
}

const LOAD = 0x20;
const AND = 0x54;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;
const INSTRUCTION_BYTES = 8;

const ALLOW = 0x7fff_0000;
const KILL_PROCESS = 0x8000_0000;
const REFUSE = 0x0005_0000;
/** "There is no such call": a library then tries an older call, or does without. */
const ENOSYS = 38;
const EACCES = 13;

/** The offsets at which a filter reads a call: its number, the processor, six arguments of two words each. */
const NUMBER_AT = 0;
const ARCHITECTURE_AT = 4;
const ARGUMENTS_AT = 16;

const AUDIT_NUMBERS: Record<Architecture, number> = {
  x86_64: 0xc000_003e,
  aarch64: 0xc000_00b7,
};

const CLONE_THREAD = 0x1_0000;
/** The flags of `clone` that make new namespaces, one flag for each kind. */
const CLONE_NEW = 0x2_0000 | 0x200_0000 | 0x400_0000 | 0x800_0000 | 0x1000_0000 | 0x2000_0000 |
  0x4000_0000;
/** The flags of `open` that write, create or truncate a file. */
const OPEN_TO_CHANGE = 0o3 | 0o100 | 0o1000;
/** The allowed requests of `ioctl`: they are about terminals, blocking reads and the bytes that can be read. */
const IOCTLS = [0x5401, 0x5413, 0x5421, 0x5450, 0x5451, 0x541b];
/** The allowed options of `prctl`: they name threads and memory. */
const PRCTLS = [15, 16, 0x5356_4d41];
const AF_UNIX = 1;
/** The allowed families of sockets: Unix, IPv4, IPv6 and netlink, which lists the network's interfaces. */
const SOCKET_FAMILIES = [AF_UNIX, 2, 10, 16];

/** Returns the filter's program in the binary form that Linux takes. */
export function systemCallFilter(options: FilterOptions): Uint8Array<ArrayBuffer> {
  return encode(program(options));
}

function program(options: FilterOptions): Instruction[] {
  const { architecture, pid, changesFiles, usesNetwork } = options;
  const allowed = [
    ...numbersOf("engine", architecture),
    ...numbersOf("looking", architecture),
    ...(changesFiles ? numbersOf("changing", architecture) : []),
    ...(usesNetwork ? numbersOf("speaking", architecture) : []),
  ];
  const openFlags = (argument: number): Condition[] =>
    changesFiles ? [] : [{ at: low(argument), mask: OPEN_TO_CHANGE, values: [0] }];
  const conditional: [Parameters<typeof numberOf>[0], Condition[], number?][] = [
    ["open", openFlags(1), EACCES],
    ["openat", openFlags(2), EACCES],
    ["clone", [{ at: low(0), mask: CLONE_THREAD | CLONE_NEW, values: [CLONE_THREAD] }]],
    ["tgkill", [{ at: low(0), values: [pid] }]],
    ["ioctl", [{ at: low(1), values: IOCTLS }]],
    ["prctl", [{ at: low(0), values: PRCTLS }]],
    ["socketpair", [{ at: low(0), values: [AF_UNIX] }]],
    // With these arguments a process asks for its own limits, and sets none.
    ["prlimit64", [low(0), low(2), high(2)].map((at) => ({ at, values: [0] }))],
  ];
  if (usesNetwork) conditional.push(["socket", [{ at: low(0), values: SOCKET_FAMILIES }]]);
  return [
    load(ARCHITECTURE_AT),
    jumpIfEqual(AUDIT_NUMBERS[architecture], 1, 0),
    end(KILL_PROCESS),
    load(NUMBER_AT),
    ...allowed.flatMap((number) => [jumpIfEqual(number, 0, 1), end(ALLOW)]),
    ...conditional.flatMap(([name, conditions, errno = ENOSYS]) => {
      const number = numberOf(name, architecture);
      if (number === undefined) return [];
      const block = [...conditions.flatMap((it) => check(it, errno)), end(ALLOW)];
      return [jumpIfEqual(number, 0, block.length), ...block];
    }),
    end(REFUSE | ENOSYS),
  ];
}

/** Refuses the call with `errno` unless the condition holds; the next instruction follows otherwise. */
function check({ at, mask, values }: Condition, errno: number): Instruction[] {
  return [
    load(at),
    ...(mask === undefined ? [] : [[AND, 0, 0, mask] as const]),
    ...values.map((value, index) => jumpIfEqual(value, values.length - index, 0)),
    end(REFUSE | errno),
  ];
}

function load(at: number): Instruction {
  return [LOAD, 0, 0, at];
}

function jumpIfEqual(value: number, yes: number, no: number): Instruction {
  return [JUMP_IF_EQUAL, yes, no, value];
}

function end(action: number): Instruction {
  return [RETURN, 0, 0, action];
}

function encode(instructions: Instruction[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(instructions.length * INSTRUCTION_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, [code, yes, no, operand]] of instructions.entries()) {
    const at = index * INSTRUCTION_BYTES;
    view.setUint16(at, code, true);
    view.setUint8(at + 2, yes);
    view.setUint8(at + 3, no);
    view.setUint32(at + 4, operand >>> 0, true);
  }
  return bytes;
}

/** Returns the offset of the lower word of an argument. */
function low(argument: number): number {
  return ARGUMENTS_AT + 8 * argument;
}

function high(argument: number): number {
  return low(argument) + 4;
}
