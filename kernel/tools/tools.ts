import { z } from "npm:zod@4.6.7";

/** The surroundings of one call of a tool. */
export interface ToolContext {
  /** The id of the kernel whose code calls. */
  kernelId: string;
  /** The execution whose code calls; undefined: a task that outlives its execution. */
  executionId: string | undefined;
  /** Aborts when nobody waits for the answer any more: its time is over, or the kernel has ended. */
  signal: AbortSignal;
}

/** A function of the embedding program that code in a kernel can call. */
export interface KernelTool {
  /** The text that `help()` shows. */
  description?: string;
  /** The JSON schema of the arguments, an object: Python's function gets its parameters from it. */
  inputSchema?: Record<string, unknown>;
  /**
   * Answers a call with any JSON value. The arguments come from code in the kernel, which nobody has read:
   * check them. What it throws is raised in the kernel as `ToolError` with the message. Without a function,
   * the call is answered by `Kernel.answerTool`.
   */
  call?: (args: Record<string, unknown>, context: ToolContext) => unknown;
  /** The time after which a call fails, in milliseconds. @default 60000 */
  timeoutMs?: number;
}

/** Tools by name; these are the only functions that code in the kernel can call. */
export type KernelTools = Readonly<Record<string, KernelTool>>;

/** The part of a tool that an interpreter is told. */
export interface ToolDescription {
  /** The name of the function. */
  name: string;
  /** The text that `help()` shows. */
  description: string;
  /** The JSON schema of the arguments. */
  inputSchema: Record<string, unknown>;
}

/** The answer to a call: a JSON value, or the message of a failure. */
export type ToolOutcome = { value: unknown } | { error: string };

/** A name that is one in Python, and that is no name of Python's own. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
/** The most tools of one kernel. */
const MAX_TOOLS = 100;
/** The longest description, in characters. */
const MAX_DESCRIPTION = 10_000;
/** The longest JSON of a schema, in characters. */
const MAX_SCHEMA = 100_000;
/** The longest delay of a JavaScript timer, in milliseconds. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The schema of tools as callers give them. */
export const TOOL_OPTIONS = z.record(
  z.string(),
  z.strictObject({
    description: z.string().max(MAX_DESCRIPTION).optional(),
    inputSchema: z.record(z.string(), z.unknown()).refine(
      isShortJson,
      `use a JSON schema of at most ${MAX_SCHEMA} characters`,
    ).optional(),
    call: z.custom<NonNullable<KernelTool["call"]>>(
      (value) => typeof value === "function",
      "use a function",
    ).optional(),
    timeoutMs: z.number().int().min(1).max(MAX_DELAY_MS).optional(),
  }),
).superRefine((tools, context) => {
  const names = Object.keys(tools);
  if (names.length > MAX_TOOLS) context.addIssue(`use at most ${MAX_TOOLS} tools`);
  for (const name of names.filter((name) => !NAME.test(name))) {
    const message = "use a Python name of 1 to 64 characters, without an underscore at its start";
    context.addIssue({ code: "custom", path: [name.slice(0, 100)], message });
  }
});

/** Returns the part of tools that an interpreter is told. */
export function describeTools(tools: KernelTools): ToolDescription[] {
  return Object.entries(tools).map(([name, { description = "", inputSchema = {} }]) => ({
    name,
    description,
    inputSchema: JSON.parse(JSON.stringify(inputSchema)),
  }));
}

function isShortJson(value: unknown): boolean {
  try {
    return JSON.stringify(value).length <= MAX_SCHEMA;
  } catch {
    return false;
  }
}
