import type { ExecuteRequest } from "../cell.ts";
import type { Clock } from "../clock.ts";
import { within } from "../deadline.ts";
import type { KernelHost } from "../host.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { Limits } from "../limits/limits.ts";
import { abortError, type Execution, type ExecutionEnd } from "./execution.ts";
import type { ExecutionUsage } from "./result.ts";
import { watchExecution } from "./watch.ts";

/** The time that an interrupted execution has to end before its kernel is replaced, in milliseconds. */
const TIMEOUT_GRACE_MS = 1_000;
/** The parts in which that time is waited for: a thread that is held up loses one part, and not all of it. */
const TIMEOUT_GRACE_PART_MS = 100;

/** Options for {@linkcode runExecution}. */
export interface ExecutionRunOptions {
  /** Replaces the interpreter when nothing else stops the execution. */
  lifecycle: Lifecycle;
  /** The limits of the execution. */
  limits: Readonly<Limits>;
  /** Calls `onStalled` once the execution has run this long, in milliseconds; 0: never. */
  maxExecutionTimeMs: number;
  onStalled: () => void;
  /** Measures the limits of time. */
  clock: Clock;
}

/** The end of an execution, and the resources that were measured. */
export interface ExecutionRunEnd extends ExecutionEnd {
  used: Pick<ExecutionUsage, "cpuMs" | "peakMemoryBytes">;
}

/** A limit of time that an execution has reached. */
interface TimeLimit {
  name: "timeout" | "cpu limit";
  /** The limit with its unit. */
  after: string;
}

/** Runs an execution that has its turn in a host, within its limits of time. Never rejects. */
export async function runExecution(
  execution: Execution,
  host: KernelHost,
  { lifecycle, limits, maxExecutionTimeMs, onStalled, clock }: ExecutionRunOptions,
): Promise<ExecutionRunEnd> {
  const used = host.meter();
  let exceeded: TimeLimit | undefined;
  const stop = (limit: TimeLimit) => {
    exceeded ??= limit;
    void enforce(limit, execution, host, { lifecycle, clock });
  };
  const { executionSeconds, cpuSeconds } = limits;
  const timeoutMs = shorter(execution.options.timeoutMs ?? 0, executionSeconds * 1_000);
  const watch = watchExecution(execution, {
    maxExecutionTimeMs,
    onStalled,
    timeoutMs,
    onTimeout: () => stop({ name: "timeout", after: `${timeoutMs} ms` }),
    cpuMs: () => used().cpuMs,
    cpuLimitMs: cpuSeconds * 1_000,
    clock,
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
    // The lifecycle knows the reason, and may be starting another interpreter.
    await lifecycle.ready;
    const endReason = lifecycle.endReasonOf(host);
    const { terminated } = lifecycle;
    end = lossOf({ endReason, terminated }, "did not finish", lifecycle.host !== undefined);
  } finally {
    watch[Symbol.dispose]();
  }
  return { ...end, timedOut: exceeded !== undefined, used: used() };
}

/** Returns the end of an execution whose interpreter is gone, once the reason is known. */
export function lossOf(
  { endReason: reason, terminated }: Pick<Lifecycle, "endReason" | "terminated">,
  what: string,
  restarted: boolean,
): ExecutionEnd {
  const next = restarted
    ? "; a new interpreter is there"
    : terminated
    ? ""
    : "; the kernel goes on after a restart";
  const text = `The execution ${what}: ${reason}. All variables are lost${next}.`;
  return {
    error: abortError("KernelDied", text),
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
  { lifecycle, clock }: Pick<ExecutionRunOptions, "lifecycle" | "clock">,
): Promise<void> {
  void host.interrupt(execution.id);
  for (let waited = 0; waited < TIMEOUT_GRACE_MS; waited += TIMEOUT_GRACE_PART_MS) {
    await within(TIMEOUT_GRACE_PART_MS, execution.result, { clock });
    if (execution.done || host !== lifecycle.host) return;
  }
  await lifecycle.replace(
    `${name}: still running ${TIMEOUT_GRACE_MS} ms after it was interrupted at ${after}, so the kernel was replaced`,
  );
}

/** Returns the shorter of two times, of which 0 is no limit. */
function shorter(a: number, b: number): number {
  return a === 0 || b === 0 ? Math.max(a, b) : Math.min(a, b);
}
