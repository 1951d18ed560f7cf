// Takes the time after which an execution counts as stalled from the command line, in milliseconds.
import { KernelEvents, KernelManager } from "../kernel/mod.ts";

await using manager = new KernelManager();

// Create a kernel with a maximum execution time of 30 seconds
const kernelId = await manager.createKernel({
  maxExecutionTime: Number(Deno.args[0] ?? 30 * 1000), // 30 seconds in milliseconds
});

// Listen for stalled execution events
manager.onKernelEvent(kernelId, KernelEvents.EXECUTION_STALLED, (event) => {
  console.log(
    `Execution ${event.executionId} has been running for over ${event.maxExecutionTime}ms`,
  );

  // Get information about ongoing executions
  const execInfo = manager.getExecutionInfo(kernelId);
  console.log(`Kernel has ${execInfo.count} ongoing executions`);
  console.log(`Is kernel stuck? ${execInfo.isStuck}`);
  console.log(`Longest running time: ${execInfo.longestRunningTime}ms`);

  // Optionally terminate the kernel
  manager.forceTerminateKernel(kernelId, "Execution took too long");
});

const result = await manager.execute(kernelId, "while True: pass");
console.log(result.status, result.kernel.reason);
