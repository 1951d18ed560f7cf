// Grants a worker kernel some permissions and tries to do more.
import { KernelManager, KernelMode } from "../kernel/mod.ts";

await using manager = new KernelManager();

const kernelId = await manager.createKernel({
  mode: KernelMode.WORKER,
  deno: {
    // Nothing is granted that is not named here.
    permissions: {
      read: ["/allowed/path"],
      write: ["/writable/path"],
      net: ["api.example.com:443"],
    },
  },
});
console.log(manager.getKernel(kernelId).permissions);

const { error } = await manager.execute(
  kernelId,
  'import js; js.Deno.readTextFileSync("/etc/hostname")',
);
console.log(error?.evalue);
