import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { ToolCallEvent } from "../events.ts";
import type { KernelTools, ToolOutcome } from "./tools.ts";

/** Options for {@linkcode ToolCalls}. */
export interface ToolCallsInit {
  tools: KernelTools;
  kernelId: string;
  clock: Clock;
  /** Passes an answer to the interpreter; false when nobody waits for it there. */
  reply: (requestId: string, outcome: string) => Promise<boolean>;
}

/** The most calls of one kernel that are open at a time; an honest kernel keeps the others back. */
const MAX_OPEN = 64;
/**
 * The most refusals that are on their way: code that floods the host with calls is not answered beyond it,
 * so that nothing grows.
 */
const MAX_REFUSALS = 64;
/** The longest JSON of an answer, in characters. */
const MAX_RESULT = 8 * 2 ** 20;
/** The longest message of a failure, in characters. */
const MAX_MESSAGE = 10_000;
const DEFAULT_TIMEOUT_MS = 60_000;

/** The calls of tools by code in one kernel that wait for their answers. */
export class ToolCalls {
  readonly #init: ToolCallsInit;
  readonly #open = new Map<string, AbortController>();
  #refusals = 0;

  constructor(init: ToolCallsInit) {
    this.#init = init;
  }

  /** Takes a call, and calls the tool's function if it has one. */
  take({ requestId, name, arguments: args, executionId }: ToolCallEvent): void {
    const { tools, kernelId, clock } = this.#init;
    const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
    if (!tool) return this.#refuse(requestId, `there is no tool "${name}"`);
    if (this.#open.has(requestId)) return;
    if (this.#open.size >= MAX_OPEN) {
      return this.#refuse(requestId, `more than ${MAX_OPEN} calls are open; wait for some of them`);
    }
    const { timeoutMs = DEFAULT_TIMEOUT_MS, call } = tool;
    const ended = new AbortController();
    this.#open.set(requestId, ended);
    const timer = clock.after(timeoutMs, () => {
      void this.answer(requestId, { error: `"${name}" did not answer within ${timeoutMs} ms` });
    });
    ended.signal.addEventListener("abort", () => timer[Symbol.dispose](), { once: true });
    if (!call) return;
    const { signal } = ended;
    // Asynchronous, so that a function that throws at once is treated like one that rejects.
    void Promise.resolve().then(() => call(args, { kernelId, executionId, signal })).then(
      (value) => this.answer(requestId, { value }),
      (error) => this.answer(requestId, { error: messageOf(error) }),
    );
  }

  /** Answers a call; false when nobody waits for the answer any more. */
  async answer(requestId: string, outcome: ToolOutcome): Promise<boolean> {
    const ended = this.#open.get(requestId);
    if (!ended) return false;
    // First, so that a call gets one answer.
    this.#open.delete(requestId);
    ended.abort(new Error("The call has been answered"));
    return await this.#reply(requestId, outcome);
  }

  /** Forgets all calls: the interpreter that made them is gone. */
  abort(reason: string): void {
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const ended of open) ended.abort(new Error(reason));
  }

  #refuse(requestId: string, error: string): void {
    if (this.#refusals >= MAX_REFUSALS) return;
    this.#refusals++;
    void this.#reply(requestId, { error }).finally(() => this.#refusals--);
  }

  async #reply(requestId: string, outcome: ToolOutcome): Promise<boolean> {
    // A kernel that ends meanwhile has no use for the answer.
    return await this.#init.reply(requestId, outcomeJson(outcome)).catch(() => false);
  }
}

/** Returns an outcome as JSON; one that has none, or is too large, becomes a failure. */
function outcomeJson(outcome: ToolOutcome): string {
  if ("error" in outcome) return JSON.stringify({ error: outcome.error.slice(0, MAX_MESSAGE) });
  try {
    const json = JSON.stringify({ value: outcome.value ?? null });
    if (json.length <= MAX_RESULT) return json;
    return JSON.stringify({ error: `the answer has more than ${MAX_RESULT} characters of JSON` });
  } catch (error) {
    return JSON.stringify({
      error: `the answer is no JSON: ${messageOf(error)}`.slice(0, MAX_MESSAGE),
    });
  }
}
