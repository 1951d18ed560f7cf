/** The main module of a worker that runs Python. */
import { serveWorker } from "../hosts/worker/serve.ts";
import { brokeredFetch } from "./brokered_fetch.ts";
import { grantedFetch } from "./granted_fetch.ts";
import { startPython } from "./runtime.ts";

serveWorker((init) => {
  const { packages, options: { permissions } } = init;
  // Installers fetch; in a kernel without a network the host does so for them.
  if (packages && permissions !== "inherit" && permissions.net === false) {
    globalThis.fetch = brokeredFetch(packages);
  } else globalThis.fetch = grantedFetch(globalThis.fetch);
  return startPython(init);
});
