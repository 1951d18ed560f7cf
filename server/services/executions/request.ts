import type { ExecuteOptions } from "../../../kernel/mod.ts";
import type { ExecutionOrigin } from "./record.ts";

/** A request to run code in a kernel. */
export interface ExecutionRequest {
  code: string;
  /** The family of APIs by which the request came. */
  origin: ExecutionOrigin;
  /** Chosen by the caller; it must be new. @default a random UUID */
  id?: string | undefined;
  /** Interrupts the execution after this many milliseconds of running; 0: never. */
  timeoutMs?: number | undefined;
  /** The reaction when the last client that waits for the execution leaves. @default "continue" */
  onDisconnect?: "continue" | "interrupt" | undefined;
  /** Lines that answer `input()` in turn; after the last one, `input()` raises EOFError. */
  stdin?: readonly string[] | undefined;
  /** True when a client answers `input_request` events. @default false */
  allowStdin?: boolean | undefined;
  silent?: boolean | undefined;
  storeHistory?: boolean | undefined;
  userExpressions?: Record<string, string> | undefined;
}

/** Returns a request's options as the library takes them. */
export function executeOptions(id: string, request: ExecutionRequest): ExecuteOptions {
  const { silent, storeHistory, userExpressions, timeoutMs, stdin, allowStdin = false } = request;
  return {
    id,
    allowStdin: allowStdin || stdin !== undefined,
    ...(silent !== undefined && { silent }),
    ...(storeHistory !== undefined && { storeHistory }),
    ...(userExpressions && { userExpressions }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}
