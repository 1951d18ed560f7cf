import {
  abortError,
  type Execution,
  type ExecutionEnd,
  type ExecutionUsage,
} from "./executions.ts";
import type { ExecuteRequest, KernelHost } from "../host.ts";
import { within } from "../deadline.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { KernelLimits } from "../limits/limits.ts";
import { watchExecution } from "./watch.ts";

/** How long an interrupted execution may take to end before its kernel is replaced. */
const TIMEOUT_GRACE_MS = 1_000;
/** The parts of that time that are waited for: when this thread is held up, it is one part that passes. */
const TIMEOUT_GRACE_PART_MS = 100;

/** Options for {@linkcode runExecution}. */
export interface ExecutionRunOptions {
  /** Replaces the interpreter when nothing else stops the execution. */
  lifecycle: Lifecycle;
  /** What the execution may use. */
  limits: Readonly<KernelLimits>;
  /** Calls `onStalled` once the execution has run this long, in milliseconds; 0: never. */
  maxExecutionTime: number;
  onStalled: () => void;
}

/** How an execution ended, and what its interpreter has measured of it. */
export interface ExecutionRunEnd extends ExecutionEnd {
  used: Pick<ExecutionUsage, "cpuMs" | "peakMemoryBytes">;
}

/** A limit of time that was reached. */
interface TimeLimit {
  name: "timeout" | "cpu limit";
  /** With its unit. */
  after: string;
}

/** Runs one execution that has its turn in `host`, within its limits of time. Never rejects. */
export async function runExecution(
  execution: Execution,
  host: KernelHost,
  { lifecycle, limits, maxExecutionTime, onStalled }: ExecutionRunOptions,
): Promise<ExecutionRunEnd> {
  const used = host.meter();
  let exceeded: TimeLimit | undefined;
  const stop = (limit: TimeLimit) => {
    exceeded ??= limit;
    void enforce(limit, execution, host, lifecycle);
  };
  const { executionSeconds, cpuSeconds } = limits;
  const timeout = shorter(execution.options.timeout ?? 0, executionSeconds * 1_000);
  const watch = watchExecution(execution, {
    maxExecutionTime,
    onStalled,
    timeout,
    onTimeout: () => stop({ name: "timeout", after: `${timeout} ms` }),
    cpuMs: () => used().cpuMs,
    cpuLimit: cpuSeconds * 1_000,
    onCpuLimit: () => stop({ name: "cpu limit", after: `${cpuSeconds} s of processor time` }),
  });
  let end: ExecutionEnd;
  try {
    end = { reply: await host.execute(requestOf(execution)) };
    if (exceeded !== undefined) {
      const reason = `${exceeded.name}: interrupted after ${exceeded.after}`;
      end.kernel = { statePreserved: true, restarted: false, reason };
    }
  } catch {
    // Whoever ended the interpreter has said why, and may be starting another one.
    await lifecycle.ready;
    end = lossOf(lifecycle, "did not finish", lifecycle.host !== undefined);
  } finally {
    watch[Symbol.dispose]();
  }
  return { ...end, timedOut: exceeded !== undefined, used: used() };
}

/** What is said of an execution whose interpreter is gone, once the reason is known. */
export function lossOf(
  { endReason: reason }: Lifecycle,
  what: string,
  restarted: boolean,
): ExecutionEnd {
  return {
    error: abortError("KernelDied", `The execution ${what}: ${reason}`),
    kernel: { statePreserved: false, restarted, reason },
  };
}

function requestOf({ id, code, options }: Execution): ExecuteRequest {
  const { silent = false, storeHistory = !silent, userExpressions = {}, allowStdin = false } =
    options;
  return { id, code, silent, storeHistory, userExpressions, allowStdin };
}

/** Interrupts an execution, and replaces the interpreter when that does not stop it. */
async function enforce(
  { name, after }: TimeLimit,
  execution: Execution,
  host: KernelHost,
  lifecycle: Lifecycle,
): Promise<void> {
  void host.interrupt(execution.id);
  for (let waited = 0; waited < TIMEOUT_GRACE_MS; waited += TIMEOUT_GRACE_PART_MS) {
    await within(TIMEOUT_GRACE_PART_MS, execution.result);
    if (execution.done || host !== lifecycle.host) return;
  }
  await lifecycle.replace(
    `${name}: still running ${TIMEOUT_GRACE_MS} ms after it was interrupted at ${after}, so the kernel was replaced`,
  );
}

/** The shorter of two times, of which 0 is any length. */
function shorter(a: number, b: number): number {
  return a === 0 || b === 0 ? Math.max(a, b) : Math.min(a, b);
}
