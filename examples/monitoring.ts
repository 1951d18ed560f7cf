// Reads and changes the inactivity timeout, after which an idle kernel is shut down.
import { KernelManager } from "../kernel/mod.ts";

await using manager = new KernelManager();
const minutes = 60 * 1000; // All times are in milliseconds.

const kernelId = await manager.createKernel({ inactivityTimeoutMs: 5 * minutes });

// With 0, the kernel is never shut down.
manager.setInactivityTimeout(kernelId, 0);

// A change counts at once.
manager.setInactivityTimeout(kernelId, 10 * minutes);

const timeout = manager.getInactivityTimeout(kernelId);
const remaining = manager.getTimeUntilShutdown(kernelId) ?? 0; // It is undefined while a cell runs.
console.log(`Shuts down after ${timeout} ms, in ${Math.round(remaining / 1000)} s`);
