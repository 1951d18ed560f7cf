// Mounts the directory that is named on the command line.
import { KernelManager, KernelMode } from "../kernel/mod.ts";

await using manager = new KernelManager();

const kernelId = await manager.createKernel({
  mode: KernelMode.WORKER,
  filesystem: {
    enabled: true,
    root: Deno.args[0] ?? "/path/to/local/directory",
    mountPoint: "/home/pyodide",
  },
});

const result = await manager.execute(
  kernelId,
  `
from pathlib import Path
Path("greeting.txt").write_text("Hello from Python!")
sorted(path.name for path in Path().iterdir())`,
);
console.log(result.result?.data["text/plain"]);
