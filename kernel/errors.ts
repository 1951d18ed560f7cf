/** The kind of an error, from a closed set that callers may switch on. */
export type KernelErrorCode = typeof KERNEL_ERROR_CODES[number];

/** All codes. */
export const KERNEL_ERROR_CODES = [
  /** An option or argument is missing, of the wrong type or not allowed together with another. */
  "invalid_argument",
  /** There is no kernel, execution, file or other thing of that name. */
  "not_found",
  /** Something of that name exists already. */
  "already_exists",
  /** The request asks for more than this manager, process or kernel may give. */
  "permission_denied",
  /** A limit of the manager or of the call is reached; the message names it. */
  "limit_exceeded",
  /** The kernel's files would take more than the kernel's limit on them. */
  "files_full",
  /** The interpreter could not be started. */
  "start_failed",
  /** The kernel ended (crashed, was closed or terminated), so the call cannot be served. */
  "kernel_dead",
  /** Another server cannot be reached, or broke off its answer. */
  "unreachable",
  /** The call was not answered within its deadline. */
  "timeout",
  /** The manager was disposed. */
  "closed",
  /** The other side of a thread or process boundary sent something that is not in the protocol. */
  "protocol_violation",
  /** Packages could not be installed; the message says why. */
  "install_failed",
  /** A helper inside the kernel failed; the message carries the error of its language. */
  "kernel_error",
] as const;

/**
 * The error thrown by this library. A Python exception is never thrown: it is part of the result of
 * the execution that raised it.
 */
export class KernelError extends Error {
  /** Always `KernelError`. */
  override readonly name = "KernelError";
  /** The kind of the error. Programs rely on it; the message is for people. */
  readonly code: KernelErrorCode;

  /** Makes an error; `cause` is kept for logs. */
  constructor(code: KernelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Returns the message of an error, or the text of any other thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
