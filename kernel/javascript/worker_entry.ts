/** The main module of a worker that runs JavaScript or TypeScript. */
import { serveWorker } from "../hosts/worker/serve.ts";
import { guardFetch } from "../network/guard.ts";
import { machineNetwork } from "../network/host_network.ts";
import { startJavaScript } from "./runtime.ts";

serveWorker((init) => {
  const { options: { permissions }, network = machineNetwork } = init;
  guardFetch(permissions === "inherit" || permissions.net, network);
  return startJavaScript(init);
});
