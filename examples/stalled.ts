// Notices an execution that takes too long and ends its kernel. The command line may give the time after
// which an execution counts as stalled, in milliseconds; the default is 30 seconds.
import { KernelEvents, KernelManager } from "../kernel/mod.ts";

await using manager = new KernelManager();
const kernelId = await manager.createKernel({
  maxExecutionTimeMs: Number(Deno.args[0] ?? 30 * 1000),
});

// The kernel reports a stalled execution once, and does nothing else to it.
manager.onKernelEvent(kernelId, KernelEvents.EXECUTION_STALLED, (event) => {
  console.log(
    `Execution ${event.executionId} has been running for over ${event.maxExecutionTimeMs}ms`,
  );

  const info = manager.getExecutionInfo(kernelId);
  console.log(`Kernel has ${info.count} ongoing executions`);
  console.log(`Is kernel stuck? ${info.isStuck}`);
  console.log(`Longest running time: ${info.longestRunningTimeMs}ms`);

  void manager.terminateKernel(kernelId, "Execution took too long");
});

const result = await manager.execute(kernelId, "while True: pass");
console.log(result.status, result.kernel.reason);
