import type { Execution } from "./executions.ts";

/** Options for {@linkcode watchExecution}. */
export interface WatchOptions {
  /** Calls `onStalled` once the execution has run this long, in milliseconds; 0: never. */
  maxExecutionTime: number;
  onStalled: () => void;
  /** Calls `onTimeout` once the execution has run this long, in milliseconds; 0: never. */
  timeout: number;
  onTimeout: () => void;
  /** How much processor time it has taken, in milliseconds; null when nobody knows. */
  cpuMs: () => number | null;
  /** Calls `onCpuLimit` once it has taken this much, in milliseconds; 0: never. */
  cpuLimit: number;
  onCpuLimit: () => void;
}

/** How soon to look again at the processor time, in milliseconds. */
const CPU_LOOK_MS = { min: 20, max: 1_000 };

/**
 * Watches the time of an execution that runs, until disposed. A stall that no timer could report,
 * because the execution kept this thread busy, is reported when the watch ends.
 */
export function watchExecution(execution: Execution, options: WatchOptions): Disposable {
  let stalled = false;
  const stall = () => {
    stalled = true;
    options.onStalled();
  };
  const timers = [
    ...(options.maxExecutionTime > 0 ? [setTimeout(stall, options.maxExecutionTime)] : []),
    ...(options.timeout > 0 ? [setTimeout(options.onTimeout, options.timeout)] : []),
  ];
  let cpuTimer: ReturnType<typeof setTimeout> | undefined;
  const lookAtCpu = () => {
    // Where nobody knows the processor time, it is at most about the time that has passed.
    const left = options.cpuLimit - (options.cpuMs() ?? execution.runningTime);
    if (left <= 0) return options.onCpuLimit();
    // Not sooner than it can be used up.
    const soonest = left / navigator.hardwareConcurrency;
    const delay = Math.min(Math.max(soonest, CPU_LOOK_MS.min), CPU_LOOK_MS.max);
    cpuTimer = setTimeout(lookAtCpu, delay);
  };
  if (options.cpuLimit > 0) lookAtCpu();
  return {
    [Symbol.dispose]() {
      timers.forEach(clearTimeout);
      clearTimeout(cpuTimer);
      const { maxExecutionTime } = options;
      if (!stalled && maxExecutionTime > 0 && execution.runningTime > maxExecutionTime) stall();
    },
  };
}
