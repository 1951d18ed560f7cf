/**
 * A client of the Deno Code Interpreter for Deno and Node: runs Python and other languages in sandboxed kernels.
 *
 * @module
 */
export { CodeInterpreter, type InterpreterOptions } from "./code_interpreter.ts";
export { CodeInterpreterError, ConnectionLost, ExecutionError, RequestError } from "./errors.ts";
export type { ExecutionEvent } from "./events.ts";
export { Execution, Output } from "./execution.ts";
export { type FileEntry, type FileListing, Files } from "./files.ts";
export type { components, paths } from "./openapi.ts";
export type { RunOptions } from "./run.ts";
export { type Api, connect, type ServerOptions } from "./server.ts";
