/** The main module of a process that runs Python: its control thread, which loads no interpreter. */
import { serveProcess } from "../hosts/process/serve.ts";
import { type AssetPaths, readAssets } from "./child_assets.ts";
import { toEngineAssets } from "./engine_assets.ts";

await serveProcess({
  workerEntry: new URL("./worker_entry.ts", import.meta.url),
  assets: async (location, { limits }) =>
    // This library's parent process has made it: see `PythonEngine.locate`.
    toEngineAssets(await readAssets(location as AssetPaths, limits.memoryMiB)),
});
