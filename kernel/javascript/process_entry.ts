/** The main module of a process that runs JavaScript or TypeScript: its control thread. */
import { serveProcess } from "../hosts/process/serve.ts";

await serveProcess({
  workerEntry: new URL("./worker_entry.ts", import.meta.url),
  assets: () => Promise.resolve({ value: null, transfer: [] }),
});
