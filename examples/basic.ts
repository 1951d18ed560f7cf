// Runs Python in the main thread of this program.
import { KernelManager, KernelMode } from "../kernel/mod.ts";

// `await using` ends the manager's kernels when the program is done.
await using manager = new KernelManager();

const kernelId = await manager.createKernel({ mode: KernelMode.MAIN_THREAD });
const kernel = manager.getKernel(kernelId);

const result = await kernel.execute('print("Hello from Python!")');
console.log(result.status, result.outputs);
