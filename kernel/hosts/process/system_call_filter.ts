/**
 * A filter for Linux to run at each system call of a process (seccomp): a program of its own small
 * language that says which calls there are. It lists what an interpreter does and nothing else, so that
 * code which has broken out of the engine finds no `execve`, no `ptrace`, no `mount`, and none of the
 * calls that are added to Linux next year.
 */
import { type Architecture, numberOf, numbersOf } from "./system_calls.ts";

/** Options for {@linkcode systemCallFilter}. */
export interface FilterOptions {
  architecture: Architecture;
  /** The process itself, the only one that it may send signals to. */
  pid: number;
  /** Whether files may be changed; otherwise they may be read. */
  changesFiles: boolean;
  /** Whether sockets may be made. */
  usesNetwork: boolean;
}

/** One instruction: its code, how far to jump when a comparison holds and when not, its operand. */
type Instruction = readonly [code: number, yes: number, no: number, operand: number];

/** A word of the call that must be one of these values, looked at through a mask. */
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
/** "There is no such call": libraries then try an older one, and do without in the end. */
const ENOSYS = 38;
const EACCES = 13;

/** Where Linux shows the call: its number, the processor, then six arguments of two words each. */
const NUMBER_AT = 0;
const ARCHITECTURE_AT = 4;
const ARGUMENTS_AT = 16;

const AUDIT_NUMBERS: Record<Architecture, number> = {
  x86_64: 0xc000_003e,
  aarch64: 0xc000_00b7,
};

const CLONE_THREAD = 0x1_0000;
/** Flags of `clone` that make a new namespace, of each kind. */
const CLONE_NEW = 0x2_0000 | 0x200_0000 | 0x400_0000 | 0x800_0000 | 0x1000_0000 | 0x2000_0000 |
  0x4000_0000;
/** Flags of `open` to write, create or cut. */
const OPEN_TO_CHANGE = 0o3 | 0o100 | 0o1000;
/** Requests of `ioctl`: about terminals, whether reading waits, how much can be read. */
const IOCTLS = [0x5401, 0x5413, 0x5421, 0x5450, 0x5451, 0x541b];
/** Options of `prctl`: names of threads and of memory. */
const PRCTLS = [15, 16, 0x5356_4d41];
const AF_UNIX = 1;
/** Unix, IPv4, IPv6, and what tells of the host's interfaces. */
const SOCKET_FAMILIES = [AF_UNIX, 2, 10, 16];

/** The program, as bytes that Linux takes. */
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
    // To ask for its own limits, not to set them.
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

/** Goes on behind it when the condition holds, and refuses the call otherwise. */
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

/** Where the lower half of an argument is. */
function low(argument: number): number {
  return ARGUMENTS_AT + 8 * argument;
}

function high(argument: number): number {
  return low(argument) + 4;
}
