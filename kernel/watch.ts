import type { Execution } from "./executions.ts";

/** Options for {@linkcode watchExecution}. */
export interface WatchOptions {
  /** Calls `onStalled` once the execution has run this long, in milliseconds; 0: never. */
  maxExecutionTime: number;
  onStalled: () => void;
  /** Calls `onTimeout` once the execution has run this long, in milliseconds; 0: never. */
  timeout: number;
  onTimeout: () => void;
}

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
  return {
    [Symbol.dispose]() {
      timers.forEach(clearTimeout);
      const { maxExecutionTime } = options;
      if (!stalled && maxExecutionTime > 0 && execution.runningTime > maxExecutionTime) stall();
    },
  };
}
