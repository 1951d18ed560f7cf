/** The main module of a worker that runs bash. */
import { serveWorker } from "../hosts/worker/serve.ts";
import { prepareFetch } from "../pyodide/prepare_fetch.ts";
import { startBash } from "./runtime.ts";

serveWorker((init) => {
  prepareFetch(init);
  return startBash(init);
});
