/** The main module of a worker that runs JavaScript or TypeScript. */
import { serveWorker } from "../hosts/worker/serve.ts";
import { startJavaScript } from "./runtime.ts";

serveWorker(startJavaScript);
