// Listens to the output of a kernel.
import { KernelEvents, KernelManager } from "../kernel/mod.ts";

await using manager = new KernelManager();
const kernelId = await manager.createKernel();

manager.onKernelEvent(kernelId, KernelEvents.STREAM, (event) => {
  console.log("Stream output:", event.text);
});

await manager.execute(kernelId, 'print("Hello from Python!")');
