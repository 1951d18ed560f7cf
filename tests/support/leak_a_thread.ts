/** A program that terminates a kernel whose thread computes in C, prints the event of its end, and exits. */
import { KernelManager } from "../../kernel/mod.ts";
import { nextEvent } from "./mod.ts";

const manager = new KernelManager();
const [id, bystander] = [await manager.createKernel(), await manager.createKernel()];
await manager.execute(bystander, "kept = 'kept'");
const kernel = manager.getKernel(id);
const started = nextEvent(kernel, "execute_input");
const running = kernel.execute("sum(range(10**15))");
await started;
// The kernel answers until the cell has come to its sum.
while (await manager.pingKernel(id, 200));
const terminated = nextEvent(kernel, "kernel_terminated");
await manager.forceTerminateKernel(id, "it was runaway");
const { threadLeaked } = await terminated;
const { status } = await running;
const { result } = await manager.execute(bystander, "kept");
console.log(JSON.stringify({ threadLeaked, status, bystander: result?.data["text/plain"] }));
Deno.exit(0);
