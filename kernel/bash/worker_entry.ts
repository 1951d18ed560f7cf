/** The main module of a worker that runs bash. */
import { serveWorker } from "../hosts/worker/serve.ts";
import { startBash } from "./runtime.ts";

serveWorker(startBash);
