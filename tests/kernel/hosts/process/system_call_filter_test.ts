import assert from "node:assert/strict";
import {
  type FilterOptions,
  systemCallFilter,
} from "../../../../kernel/hosts/process/system_call_filter.ts";
import type { Architecture } from "../../../../kernel/hosts/process/system_calls.ts";

const AUDIT = { x86_64: 0xc000_003e, aarch64: 0xc000_00b7 };
const PID = 4321;
const STRICT = { pid: PID, changesFiles: false, usesNetwork: false };
const LOOSE = { pid: PID, changesFiles: true, usesNetwork: true };
const ALLOWED = "allowed";
const KILLED = "killed";

/** Runs a filter as Linux does, for one system call; answers what becomes of the call. */
function ask(
  options: FilterOptions,
  number: number,
  args: readonly (number | bigint)[] = [],
  audit = AUDIT[options.architecture],
): string {
  const bytes = systemCallFilter(options);
  const program = new DataView(bytes.buffer);
  const call = new DataView(new ArrayBuffer(64));
  call.setUint32(0, number, true);
  call.setUint32(4, audit, true);
  for (const [index, value] of args.entries()) {
    call.setBigUint64(16 + 8 * index, BigInt(value), true);
  }
  let accumulator = 0;
  for (let at = 0; at < bytes.length; at += 8) {
    const [code, yes, no] = [program.getUint16(at, true), bytes[at + 2]!, bytes[at + 3]!];
    const operand = program.getUint32(at + 4, true);
    if (code === 0x20) accumulator = call.getUint32(operand, true);
    else if (code === 0x54) accumulator = (accumulator & operand) >>> 0;
    else if (code === 0x15) at += 8 * (accumulator === operand ? yes : no);
    else if (code === 0x06) return outcome(operand);
    else assert.fail(`an instruction ${code}`);
  }
  assert.fail("it ran over its end");
}

function outcome(action: number): string {
  if (action === 0x7fff_0000) return ALLOWED;
  if (action === 0x8000_0000) return KILLED;
  assert.equal(action >>> 16, 5);
  return `error ${action & 0xffff}`;
}

/** Numbers of dangerous system calls, as Linux's headers have them. */
const DANGEROUS: Record<string, Record<Architecture, number>> = {
  execve: { x86_64: 59, aarch64: 221 },
  execveat: { x86_64: 322, aarch64: 281 },
  ptrace: { x86_64: 101, aarch64: 117 },
  process_vm_readv: { x86_64: 310, aarch64: 270 },
  process_vm_writev: { x86_64: 311, aarch64: 271 },
  mount: { x86_64: 165, aarch64: 40 },
  umount2: { x86_64: 166, aarch64: 39 },
  move_mount: { x86_64: 429, aarch64: 429 },
  open_tree: { x86_64: 428, aarch64: 428 },
  pivot_root: { x86_64: 155, aarch64: 41 },
  chroot: { x86_64: 161, aarch64: 51 },
  setns: { x86_64: 308, aarch64: 268 },
  unshare: { x86_64: 272, aarch64: 97 },
  clone3: { x86_64: 435, aarch64: 435 },
  kill: { x86_64: 62, aarch64: 129 },
  tkill: { x86_64: 200, aarch64: 130 },
  pidfd_getfd: { x86_64: 438, aarch64: 438 },
  pidfd_send_signal: { x86_64: 424, aarch64: 424 },
  keyctl: { x86_64: 250, aarch64: 219 },
  add_key: { x86_64: 248, aarch64: 217 },
  bpf: { x86_64: 321, aarch64: 280 },
  perf_event_open: { x86_64: 298, aarch64: 241 },
  userfaultfd: { x86_64: 323, aarch64: 282 },
  io_uring_setup: { x86_64: 425, aarch64: 425 },
  io_uring_enter: { x86_64: 426, aarch64: 426 },
  open_by_handle_at: { x86_64: 304, aarch64: 265 },
  openat2: { x86_64: 437, aarch64: 437 },
  kexec_load: { x86_64: 246, aarch64: 104 },
  init_module: { x86_64: 175, aarch64: 105 },
  finit_module: { x86_64: 313, aarch64: 273 },
  setuid: { x86_64: 105, aarch64: 146 },
  setresuid: { x86_64: 117, aarch64: 147 },
  capset: { x86_64: 126, aarch64: 91 },
  setrlimit: { x86_64: 160, aarch64: 164 },
  mknodat: { x86_64: 259, aarch64: 33 },
  memfd_create: { x86_64: 319, aarch64: 279 },
  reboot: { x86_64: 169, aarch64: 142 },
  seccomp: { x86_64: 317, aarch64: 277 },
  socket: { x86_64: 41, aarch64: 198 },
  connect: { x86_64: 42, aarch64: 203 },
  sendmsg: { x86_64: 46, aarch64: 211 },
};
const NETWORK = ["socket", "connect", "sendmsg"];

for (const architecture of ["x86_64", "aarch64"] as const) {
  const strict = { ...STRICT, architecture };
  const loose = { ...LOOSE, architecture };
  const n = (x86_64: number, aarch64: number) => architecture === "x86_64" ? x86_64 : aarch64;

  Deno.test(`systemCallFilter() refuses dangerous calls on ${architecture}`, () => {
    for (const [name, numbers] of Object.entries(DANGEROUS)) {
      assert.equal(ask(strict, numbers[architecture]), "error 38", name);
      if (NETWORK.includes(name)) continue;
      assert.equal(
        ask(loose, numbers[architecture]),
        "error 38",
        `${name} with everything granted`,
      );
    }
  });

  Deno.test(`systemCallFilter() refuses every number that it does not list on ${architecture}`, () => {
    const allowed = Array.from({ length: 1_024 }, (_, number) => number)
      .filter((number) => ask(loose, number) === ALLOWED);
    assert(allowed.length < 150, `${allowed.length} calls`);
    assert(allowed.every((number) => number < 450), "a call that is newer than this list");
    assert.notEqual(ask(loose, 0x4000_0000), ALLOWED, "the x32 ABI");
  });

  Deno.test(`systemCallFilter() ends a process that calls as another processor on ${architecture}`, () => {
    const other = architecture === "x86_64" ? AUDIT.aarch64 : AUDIT.x86_64;
    assert.equal(ask(loose, n(0, 63), [], other), KILLED);
    assert.equal(ask(loose, n(0, 63), [], 0x4000_0003), KILLED, "i386");
  });

  Deno.test(`systemCallFilter() lets files be opened to change them only when granted on ${architecture}`, () => {
    const openat = n(257, 56);
    const [O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_CLOEXEC] = [1, 2, 0o100, 0o1000, 0o2000000];
    assert.equal(ask(strict, openat, [0, 0, O_CLOEXEC]), ALLOWED);
    for (const flags of [O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_RDWR | O_CREAT | O_CLOEXEC]) {
      assert.equal(ask(strict, openat, [0, 0, flags]), "error 13", String(flags));
      assert.equal(ask(loose, openat, [0, 0, flags]), ALLOWED, String(flags));
    }
    for (const number of [n(82, 38), n(263, 35), n(258, 34), n(266, 36), n(265, 37), n(77, 46)]) {
      assert.equal(ask(strict, number), "error 38");
      assert.equal(ask(loose, number), ALLOWED);
    }
  });

  Deno.test(`systemCallFilter() makes threads and no processes or namespaces on ${architecture}`, () => {
    const clone = n(56, 220);
    const THREAD = 0x3d0f00;
    assert.equal(ask(strict, clone, [THREAD]), ALLOWED);
    assert.equal(ask(strict, clone, [17]), "error 38", "fork");
    assert.equal(ask(strict, clone, [0x4111]), "error 38", "vfork");
    for (const space of [0x2_0000, 0x200_0000, 0x400_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000]) {
      assert.equal(ask(strict, clone, [THREAD | space]), "error 38", space.toString(16));
    }
  });

  Deno.test(`systemCallFilter() lets it signal itself alone, and ask for limits on ${architecture}`, () => {
    assert.equal(ask(strict, n(234, 131), [PID, 1, 6]), ALLOWED);
    assert.equal(ask(strict, n(234, 131), [1, 1, 9]), "error 38");
    assert.equal(ask(strict, n(302, 261), [0, 7, 0]), ALLOWED);
    assert.equal(ask(strict, n(302, 261), [0, 7, 0x1_0000_0000n]), "error 38");
    assert.equal(ask(strict, n(302, 261), [1, 7, 0]), "error 38");
  });

  Deno.test(`systemCallFilter() allows few kinds of sockets, ioctl and prctl on ${architecture}`, () => {
    const socket = n(41, 198);
    for (const family of [1, 2, 10, 16]) assert.equal(ask(loose, socket, [family]), ALLOWED);
    for (const family of [17, 38, 40]) assert.equal(ask(loose, socket, [family]), "error 38");
    assert.equal(ask(strict, n(53, 199), [1]), ALLOWED);
    assert.equal(ask(strict, n(53, 199), [2]), "error 38");
    assert.equal(ask(strict, n(16, 29), [0, 0x5421]), ALLOWED);
    assert.equal(ask(strict, n(16, 29), [0, 0x5412]), "error 38", "typing into a terminal");
    assert.equal(ask(strict, n(157, 167), [15]), ALLOWED);
    assert.equal(ask(strict, n(157, 167), [22]), "error 38", "another filter");
  });
}
