/** Terminates a kernel whose thread computes in C, says what is known of it, and exits. */
import { KernelManager } from "../../kernel/mod.ts";
import { nextEvent } from "./mod.ts";

const manager = new KernelManager();
const [id, bystander] = [await manager.createKernel(), await manager.createKernel()];
await manager.execute(bystander, "kept = 'kept'");
const kernel = manager.getKernel(id);
const started = nextEvent(kernel, "execute_input");
const running = kernel.execute("sum(range(10**15))");
await started;
// An answer would mean that the cell has not come to its sum yet.
while (await manager.pingKernel(id, 200));
const terminated = nextEvent(kernel, "kernel_terminated");
await manager.forceTerminateKernel(id, "it was runaway");
const { threadLeaked } = await terminated;
const { status } = await running;
const { result } = await manager.execute(bystander, "kept");
console.log(JSON.stringify({ threadLeaked, status, bystander: result?.data["text/plain"] }));
Deno.exit(0);
