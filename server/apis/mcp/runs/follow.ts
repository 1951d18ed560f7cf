import type { InputRequestEvent } from "../../../../kernel/mod.ts";
import type { Services } from "../../../services/mod.ts";
import type { ExecutionRecord } from "../../../services/executions/record.ts";
import type { LiveExecution } from "../../../services/executions/live_execution.ts";
import type { Progress } from "./progress.ts";

/** The reason why waiting for a run has ended: the run is done or goes on, or `input()` asks. */
export type Waited =
  | { type: "record"; record: ExecutionRecord }
  | { type: "input"; request: InputRequestEvent };

/** Options for {@linkcode followRun}. */
export interface FollowRunOptions {
  /** The longest time to wait, in milliseconds. */
  waitMs: number;
  /** The cancellation of the call. */
  signal: AbortSignal;
  /** Told what the run prints. */
  progress: Progress;
  /** True when somebody can answer `input()`. */
  answersInput: boolean;
}

/** Waits for the end of a run, for a question of its `input()`, or for as long as a call may wait. */
export async function followRun(
  { kernels, executions }: Pick<Services, "kernels" | "executions">,
  run: LiveExecution,
  { waitMs, signal, progress, answersInput }: FollowRunOptions,
): Promise<Waited> {
  using _attached = run.attach();
  const { promise, resolve } = Promise.withResolvers<Waited | undefined>();
  const kernel = await kernels.find(run.kernelId);
  using _events = kernel?.on("*", (event) => {
    if (event.executionId !== run.id) return;
    if (event.type === "stream") progress.add(event.text);
    else if (event.type === "input_request" && answersInput) {
      resolve({ type: "input", request: event });
    }
  });
  // It may have asked before anybody listened.
  const request = answersInput ? executions.inputRequest(run.id) : undefined;
  if (request) return { type: "input", request };
  const stop = () => resolve(undefined);
  const timer = setTimeout(stop, waitMs);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  void run.done.then((record) => resolve({ type: "record", record }));
  try {
    return await promise ?? { type: "record", record: run.record };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
