import { KernelManager } from "../kernel/mod.ts";
import { KernelEvents } from "../kernel/mod.ts";

await using manager = new KernelManager();
const kernelId = await manager.createKernel();

manager.onKernelEvent(kernelId, KernelEvents.STREAM, (data) => {
  console.log("Stream output:", data.text);
});

await manager.execute(kernelId, 'print("Hello from Python!")');
