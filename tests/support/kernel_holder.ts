/** A program that runs the code of its argument in a process kernel, and lives until it is killed. */
import { KernelManager } from "../../kernel/mod.ts";

const manager = new KernelManager();
const id = await manager.createKernel({ mode: "process" });
const execution = manager.executeStream(id, Deno.args[0]!);
for await (const event of execution) {
  if (event.type === "execute_input") console.log("running");
}
await new Promise((resolve) => setTimeout(resolve, 60_000));
