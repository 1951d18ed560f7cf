import type { ErrorHandler } from "./emscripten.ts";
import { EFAULT, EIO, ENOMEM, ENOSYS, ENOTSUP, EPERM } from "../files/errnos.ts";

/** A function that WebAssembly imports; `sig` names its result and then its parameters, a letter each. */
type ImportedFunction = ((...args: unknown[]) => unknown) & { sig?: string };

/** The parts of an interpreter that {@linkcode guardImports} needs. */
export interface ImportGuard {
  /** Turns a JavaScript error into a Python exception; works only while the interpreter runs. */
  handleError: ErrorHandler;
  /** The value that Pyodide's functions return to say that a Python exception is set. */
  errorMarker: unknown;
  /** Called with the name of a function that failed, and its error. */
  onFailure: (name: string, error: unknown) => void;
}

/**
 * The functions that stay unguarded. Some end the interpreter by an error; some run WebAssembly, whose
 * errors they must let through; the last line initialises Pyodide, whose start fails with them.
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
/** The names of functions that return a negative error number on failure, as Linux's system calls do. */
const SYSTEM_CALL = /^(__syscall_|_(mmap|munmap|msync|setitimer)_js$)/;
/** The names of functions that return a positive error number on failure. */
const WASI_CALL = /^(fd|clock|random|environ)_/;
/** The return values that mean a failure, for functions whose name and type do not tell. */
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
/** The return values that mean a failure, by the letter of the result's type. */
const FAILURE_BY_TYPE: Readonly<Record<string, unknown>> = { i: 0, p: 0, j: 0n, f: NaN, d: NaN };

/** Kept before user code can replace them. */
const { RuntimeError } = WebAssembly;
/** TypeScript's library does not declare `WebAssembly.Exception`. */
const { Exception: WasmException } = WebAssembly as unknown as { Exception: new () => object };

/**
 * Wraps, in place, every function that an interpreter and its extensions import. An error that a function
 * throws would unwind the interpreter, which is unusable afterwards; a wrapped function returns the value
 * that means a failure instead, and one of Pyodide's raises a Python exception.
 */
export function guardImports(imports: Record<string, unknown>, guard: ImportGuard): void {
  for (const [name, value] of Object.entries(imports)) {
    // An import that suspends the interpreter is an object, and handles its errors itself.
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
      if (endsInterpreter(error)) throw error;
      guard.onFailure(name, error);
      return fail(error);
    }
  };
  if (call.sig !== undefined) guarded.sig = call.sig;
  return guarded;
}

/** Returns a function that makes the return value of a failed call from its error. */
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
  // Only Pyodide's functions have parameters or results that are JavaScript values (`e`).
  if (!sig.includes("e")) return () => answer;
  return (error) => {
    handleError(error);
    return answer;
  };
}

/** Returns true for an error that ends the interpreter, or that WebAssembly itself throws and catches. */
function endsInterpreter(error: unknown): boolean {
  return error instanceof RuntimeError || error instanceof WasmException ||
    propertyOf(error, "pyodide_fatal_error") === true;
}

/** Returns the error number that fits a JavaScript error best. */
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

/** Returns a property of a thrown value, which may have any type and accessors that throw. */
function propertyOf(error: unknown, name: string): unknown {
  try {
    return (error as Record<string, unknown> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}
