import type { Clock } from "../clock.ts";
import type { Execution } from "./execution.ts";

/** Options for {@linkcode watchExecution}. */
export interface WatchOptions {
  /** Calls `onStalled` once the execution has run this long, in milliseconds; 0: never. */
  maxExecutionTimeMs: number;
  onStalled: () => void;
  /** Calls `onTimeout` once the execution has run this long, in milliseconds; 0: never. */
  timeoutMs: number;
  onTimeout: () => void;
  /** Returns the processor time that it has taken, in milliseconds; null when unknown. */
  cpuMs: () => number | null;
  /** Calls `onCpuLimit` once it has taken this much processor time, in milliseconds; 0: never. */
  cpuLimitMs: number;
  onCpuLimit: () => void;
  /** Measures the time. */
  clock: Clock;
}

/** The bounds of the time between two looks at the processor time, in milliseconds. */
const CPU_LOOK_MS = { min: 20, max: 1_000 };

/**
 * Watches the time of an execution that runs, until disposed. A stall that no timer could report,
 * because the execution kept this thread busy, is reported when the watch ends.
 */
export function watchExecution(execution: Execution, options: WatchOptions): Disposable {
  const { clock } = options;
  let stalled = false;
  const stall = () => {
    stalled = true;
    options.onStalled();
  };
  const timers = [
    ...(options.maxExecutionTimeMs > 0 ? [clock.after(options.maxExecutionTimeMs, stall)] : []),
    ...(options.timeoutMs > 0 ? [clock.after(options.timeoutMs, options.onTimeout)] : []),
  ];
  let cpuTimer: Disposable | undefined;
  const lookAtCpu = () => {
    // An unknown processor time is at most about the time that has passed.
    const left = options.cpuLimitMs - (options.cpuMs() ?? execution.runningTimeMs);
    if (left <= 0) return options.onCpuLimit();
    // All processors together cannot use it up sooner.
    const soonest = left / navigator.hardwareConcurrency;
    const waitMs = Math.min(Math.max(soonest, CPU_LOOK_MS.min), CPU_LOOK_MS.max);
    cpuTimer = clock.after(waitMs, lookAtCpu);
  };
  if (options.cpuLimitMs > 0) lookAtCpu();
  return {
    [Symbol.dispose]() {
      for (const timer of timers) timer[Symbol.dispose]();
      cpuTimer?.[Symbol.dispose]();
      const { maxExecutionTimeMs } = options;
      const late = maxExecutionTimeMs > 0 && execution.runningTimeMs > maxExecutionTimeMs;
      if (late && !stalled) stall();
    },
  };
}
