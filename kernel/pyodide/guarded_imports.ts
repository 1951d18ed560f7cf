import type { ErrorHandler } from "./emscripten.ts";
import { EFAULT, EIO, ENOMEM, ENOSYS, ENOTSUP, EPERM } from "./errnos.ts";

/** A function that WebAssembly imports; `sig` names its result and then its parameters, a letter each. */
type ImportedFunction = ((...args: unknown[]) => unknown) & { sig?: string };

/** What {@linkcode guardImports} needs to know of the interpreter. */
export interface ImportGuard {
  /** Makes a Python exception of what JavaScript threw; there once the interpreter runs. */
  handleError: ErrorHandler;
  /** What Pyodide's functions answer when Python has an exception. */
  errorMarker: unknown;
  /** Takes which function failed, and why. */
  onFailure: (name: string, error: unknown) => void;
}

/**
 * These end the interpreter, or run WebAssembly whose end they must let through: they throw on purpose,
 * or have nothing of their own that could fail. The rest initialises Pyodide, which starts whole or not.
 */
const THROWING = new Set([
  ...["exit", "proc_exit", "_abort_js", "__assert_fail", "throw_no_gil", "JsvError_Throw"],
  ...["_Py_CheckEmscriptenSignals_Helper", "hiwire_invalid_ref_js", "emscripten_asm_const_int"],
  ...[
    "_PyEM_TrampolineCall_JS",
    "ffi_call_js",
    "__call_sighandler",
    "raw_call_js",
    "saveState",
    "restoreState",
  ],
  ...["jslib_init_js", "jslib_init_buffers_js", "pyodide_js_init"],
]);
/** Answers an error number, negated as Linux's system calls do. */
const SYSTEM_CALL = /^(__syscall_|_(mmap|munmap|msync|setitimer)_js$)/;
/** Answers an error number. */
const WASI_CALL = /^(fd|clock|random|environ)_/;
/** The answers that mean a failure and do not follow from the name or the type. */
const FAILURES: Readonly<Record<string, unknown>> = {
  // EAI_FAIL: "Non-recoverable failure in name resolution".
  getaddrinfo: -4,
  getnameinfo: -4,
  // FFI_BAD_TYPEDEF.
  ffi_prep_closure_loc_js: 1,
  JsvArray_Push: -1,
  _timegm_js: -1n,
  _mktime_js: -1n,
};
/** The same by type: no memory, no address, no value. */
const FAILURE_BY_TYPE: Readonly<Record<string, unknown>> = { i: 0, p: 0, j: 0n, f: NaN, d: NaN };

/** Kept from before user code could replace them. */
const { RuntimeError } = WebAssembly;
/** TypeScript's library does not have it. */
const { Exception: WasmException } = WebAssembly as unknown as { Exception: new () => object };

/**
 * Wraps, in place, every function that an interpreter and its extensions import. What an ordinary one
 * throws would unwind the interpreter, which is then unusable; it becomes the answer that means a
 * failure, or a Python exception where the function is Pyodide's.
 */
export function guardImports(imports: Record<string, unknown>, guard: ImportGuard): void {
  for (const [name, value] of Object.entries(imports)) {
    // What suspends is no function, and catches what it waits for.
    if (typeof value !== "function" || THROWING.has(name)) continue;
    imports[name] = guardFunction(name, value as ImportedFunction, guard);
  }
}

function guardFunction(name: string, call: ImportedFunction, guard: ImportGuard): ImportedFunction {
  const fail = failureOf(name, call.sig ?? "", guard);
  const guarded: ImportedFunction = (...args) => {
    try {
      return call(...args);
    } catch (error) {
      if (isMeant(error)) throw error;
      guard.onFailure(name, error);
      return fail(error);
    }
  };
  if (call.sig !== undefined) guarded.sig = call.sig;
  return guarded;
}

/** Makes the answer of a function to what it threw. */
function failureOf(
  name: string,
  sig: string,
  { handleError, errorMarker }: ImportGuard,
): (error: unknown) => unknown {
  if (SYSTEM_CALL.test(name)) return (error) => -errnoOf(error);
  if (WASI_CALL.test(name)) return errnoOf;
  const answer = Object.hasOwn(FAILURES, name)
    ? FAILURES[name]
    : sig.startsWith("e")
    ? errorMarker
    : FAILURE_BY_TYPE[sig[0] ?? ""];
  // Only Pyodide's functions take or give JavaScript's values.
  if (!sig.includes("e")) return () => answer;
  return (error) => {
    handleError(error);
    return answer;
  };
}

/** Whether it ended the interpreter below this function, or comes from WebAssembly itself. */
function isMeant(error: unknown): boolean {
  return error instanceof RuntimeError || error instanceof WasmException ||
    propertyOf(error, "pyodide_fatal_error") === true;
}

/** The error number that says best what JavaScript threw. */
function errnoOf(error: unknown): number {
  const errno = propertyOf(error, "errno");
  const name = propertyOf(error, "name");
  if (name === "ErrnoError" && typeof errno === "number") return errno;
  switch (name) {
    case "NotCapable":
    case "PermissionDenied":
      return EPERM;
    case "NotSupported":
      return ENOTSUP;
    case "RangeError":
      return /memory|allocation|array length|call stack/i.test(
          String(propertyOf(error, "message")),
        )
        ? ENOMEM
        : EFAULT;
    case "PythonError":
      return EIO;
    default:
      return ENOSYS;
  }
}

/** What was thrown is anything, and its properties may throw. */
function propertyOf(error: unknown, name: string): unknown {
  try {
    return (error as Record<string, unknown> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}
