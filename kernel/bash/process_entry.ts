/** The main module of a process that runs bash: its control thread. */
import { serveProcess } from "../hosts/process/serve.ts";
import { readShell } from "../shell/source.ts";

await serveProcess({
  workerEntry: new URL("./worker_entry.ts", import.meta.url),
  assets: async () => ({ value: await readShell(), transfer: [] }),
});
