// Shows Python a directory of this machine, which the command line names, and writes a file into it.
import { KernelManager } from "../kernel/mod.ts";

const [root] = Deno.args;
if (root === undefined) {
  console.error("Usage: deno run -A --no-prompt examples/filesystem.ts DIRECTORY");
  Deno.exit(2);
}

await using manager = new KernelManager();
const kernelId = await manager.createKernel({
  mounts: [{ root, mountPoint: "/mnt/data", access: "rw" }],
  cwd: "/mnt/data",
});

const { result } = await manager.execute(
  kernelId,
  `
from pathlib import Path
Path("greeting.txt").write_text("Hello from Python!")
sorted(path.name for path in Path().iterdir())`,
);
console.log(result?.data["text/plain"]);
