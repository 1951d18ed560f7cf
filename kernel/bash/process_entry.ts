/** The main module of a process that runs bash: its control thread. */
import { serveProcess } from "../hosts/process/serve.ts";
import type { AssetPaths } from "../pyodide/child_assets.ts";
import { openSeed } from "../pyodide/seed.ts";
import { readShell } from "../shell/source.ts";
import type { BashAssets } from "./assets.ts";

await serveProcess({
  workerEntry: new URL("./worker_entry.ts", import.meta.url),
  assets: async (location) => {
    // Made by `BashEngine.locate` in the parent process.
    const python = openSeed(location as AssetPaths);
    return { value: { shell: await readShell(), python } satisfies BashAssets, transfer: [] };
  },
});
