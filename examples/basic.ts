import { KernelManager, KernelMode } from "../kernel/mod.ts";

// Create a kernel manager
const manager = new KernelManager();

// Create a kernel
const kernelId = await manager.createKernel({
  mode: KernelMode.MAIN_THREAD,
});

// Get the kernel instance
const kernel = manager.getKernel(kernelId);

// Execute Python code
const result = await kernel.execute('print("Hello from Python!")');

console.log(result.status, result.outputs);
await manager.destroyKernel(kernelId);
