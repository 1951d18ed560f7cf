import type { ExecuteOptions } from "../../../kernel/mod.ts";
import { z } from "zod";
import type { ExecutionOrigin } from "./record.ts";

/** The most expressions that one execution evaluates. */
const MAX_EXPRESSIONS = 100;
/** The most lines that one execution may get as its input. */
const MAX_LINES = 10_000;
/** The most characters of an execution's id. */
const MAX_ID = 128;

/** Expressions by name, as clients of every API send them. */
export const userExpressionsSchema = z.record(
  z.string().max(1_000, "use names of at most 1000 characters"),
  z.string(),
).refine(
  (value) => Object.keys(value).length <= MAX_EXPRESSIONS,
  `use at most ${MAX_EXPRESSIONS} expressions`,
);

/** Lines for `input()`. */
export const stdinSchema = z.array(z.string()).max(MAX_LINES, `use at most ${MAX_LINES} lines`);

/** An id that a caller chooses for an execution. */
export const executionIdSchema = z.string().max(MAX_ID, `use at most ${MAX_ID} characters`);

/** A request to run code in a kernel. */
export interface ExecutionRequest {
  code: string;
  /** The family of APIs by which the request came. */
  origin: ExecutionOrigin;
  /** The name of the tool that an agent called. @default none */
  tool?: string | undefined;
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
