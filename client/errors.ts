import type { Execution } from "./execution.ts";

/** The base of all errors of this client. */
export class CodeInterpreterError extends Error {
  override name = "CodeInterpreterError";
}

/** The server cannot be reached, or the connection to it broke and could not be made again. */
export class ConnectionLost extends CodeInterpreterError {
  override name = "ConnectionLost";
}

/** The server refused a request. */
export class RequestError extends CodeInterpreterError {
  override name = "RequestError";

  constructor(
    message: string,
    /** The status of the answer. */
    readonly status: number,
    /** The server's name of the error, such as `not_found`. */
    readonly code: string,
    /** The fields of the request that are wrong. */
    readonly details: readonly unknown[] = [],
  ) {
    super(message);
  }
}

/** The code of an execution raised an exception, or the execution did not come to its end. */
export class ExecutionError extends CodeInterpreterError {
  override name = "ExecutionError";

  constructor(
    /** The execution. */
    readonly execution: Execution,
  ) {
    super(execution.errorText || `The execution ended: ${execution.status}`);
  }
}
