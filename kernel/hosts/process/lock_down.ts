/**
 * The lock-down of a kernel's process: the restrictions that the process puts on itself when it has read
 * its files and before it executes any user code. It calls functions of the C library, and then gives up
 * the permission to call them.
 */
import { systemCallFilter } from "./system_call_filter.ts";

const C_LIBRARY = "libc.so.6";

/** Options for {@linkcode lockDown}. */
export interface LockDownOptions {
  /** True when the process may go on to change files. */
  changesFiles: boolean;
  /** True when the process may go on to make sockets. */
  usesNetwork: boolean;
}

const STDERR = 2;
const O_CLOEXEC = 0o2_000_000;
/** The offsets of an entry's length and name in the list that `getdents64` writes. */
const ENTRY_LENGTH_AT = 16;
const ENTRY_NAME_AT = 19;
const F_GETFD = 1;
const FD_CLOEXEC = 1;
const PR_SET_PDEATHSIG = 1;
const PR_SET_NO_NEW_PRIVS = 38;
const SIGKILL = 9;
const SECCOMP_SET_MODE_FILTER = 1;
/** Puts the filter on all threads of the process, not on the calling one alone. */
const SECCOMP_FILTER_FLAG_TSYNC = 1;
const SECCOMP_CALL = { x86_64: 317n, aarch64: 277n };
/** The bytes of the list of descriptors that are read at a time. */
const LIST_BYTES = 32 * 1024;
const INSTRUCTION_BYTES = 8;

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  getdents64: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  fcntl: { parameters: ["i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
  syscall: { parameters: ["i64", "u64", "u64", "buffer"], result: "i64" },
} as const satisfies Deno.ForeignLibraryInterface;
type Library = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/**
 * Closes the files that this process has inherited besides its standard streams, ties its life to its
 * parent's, and leaves it only the system calls that an interpreter makes; see `system_call_filter.ts`.
 *
 * @throws {Error} when this system does not support one of the steps.
 */
export function lockDown(options: LockDownOptions): void {
  const library = Deno.dlopen(C_LIBRARY, SYMBOLS);
  try {
    closeInherited(library.symbols);
    endWithParent(library.symbols);
    filterSystemCalls(library.symbols, options);
  } finally {
    library.close();
    Deno.permissions.revokeSync({ name: "ffi" });
  }
  if (Deno.permissions.querySync({ name: "ffi" }).state === "granted") {
    throw new Error("The permission to call the C library could not be given up");
  }
}

/** Deno opens every file with the flag `FD_CLOEXEC`; a descriptor without the flag was inherited. */
function closeInherited(library: Library): void {
  for (const descriptor of openDescriptors(library)) {
    const flags = library.fcntl(descriptor, F_GETFD);
    const inherited = descriptor > STDERR && flags >= 0 && (flags & FD_CLOEXEC) === 0;
    if (inherited) library.close(descriptor);
  }
}

/** Reads the directory by the C library, because Deno lists it only for programs that may read everything. */
function openDescriptors({ open, getdents64, close }: Library): number[] {
  const directory = open(new TextEncoder().encode("/proc/self/fd\0"), O_CLOEXEC);
  if (directory < 0) throw new Error("Its open files could not be listed");
  const found: number[] = [];
  try {
    const entries = new Uint8Array(LIST_BYTES);
    const view = new DataView(entries.buffer);
    const decoder = new TextDecoder();
    for (let size; (size = Number(getdents64(directory, entries, BigInt(LIST_BYTES)))) > 0;) {
      for (let at = 0; at < size; at += view.getUint16(at + ENTRY_LENGTH_AT, true)) {
        const name = entries.subarray(at + ENTRY_NAME_AT, entries.indexOf(0, at + ENTRY_NAME_AT));
        const descriptor = Number(decoder.decode(name));
        if (descriptor !== directory && Number.isInteger(descriptor)) found.push(descriptor);
      }
    }
  } finally {
    close(directory);
  }
  return found;
}

/** Ties this process's life to its parent's again, because becoming another user has undone the tie. */
function endWithParent({ prctl }: Library): void {
  if (prctl(PR_SET_PDEATHSIG, BigInt(SIGKILL), 0n, 0n, 0n) !== 0) {
    throw new Error("Its life could not be tied to its parent's");
  }
}

function filterSystemCalls({ prctl, syscall }: Library, options: LockDownOptions): void {
  const { arch } = Deno.build;
  const program = systemCallFilter({ architecture: arch, pid: Deno.pid, ...options });
  const description = new DataView(new ArrayBuffer(16));
  description.setUint16(0, program.length / INSTRUCTION_BYTES, true);
  const address = Deno.UnsafePointer.value(Deno.UnsafePointer.of(program));
  description.setBigUint64(8, BigInt(address), true);
  // Linux takes a filter from a process without capabilities only when the process can gain none either.
  if (prctl(PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n) !== 0) {
    throw new Error("It could not give up gaining privileges");
  }
  const failed = syscall(
    SECCOMP_CALL[arch],
    BigInt(SECCOMP_SET_MODE_FILTER),
    BigInt(SECCOMP_FILTER_FLAG_TSYNC),
    new Uint8Array(description.buffer),
  );
  if (failed !== 0n) throw new Error("Linux did not take the filter of system calls");
}
