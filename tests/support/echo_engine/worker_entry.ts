/** The main module of a worker that runs the echo language. */
import { serveWorker } from "../../../kernel/hosts/worker/serve.ts";
import { startEcho } from "./runtime.ts";

serveWorker(startEcho);
