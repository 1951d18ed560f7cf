/** The main module of a worker that runs Python. */
import { serveWorker } from "../hosts/worker/serve.ts";
import { prepareFetch } from "./prepare_fetch.ts";
import { startPython } from "./runtime.ts";

serveWorker((init) => {
  prepareFetch(init);
  return startPython(init);
});
