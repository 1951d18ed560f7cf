/** The main module of a process that runs the echo language. */
import { serveProcess } from "../../../kernel/hosts/process/serve.ts";

await serveProcess({
  workerEntry: new URL("./worker_entry.ts", import.meta.url),
  assets: (location) => Promise.resolve({ value: location, transfer: [] }),
});
