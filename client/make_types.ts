/**
 * Writes `client/openapi.ts`, the types of the server's API, from the server's own description. Run it with
 * `deno task client` after a route below `/api` has changed.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import openapiTypescript, { astToString, type OpenAPI3 } from "openapi-typescript";
import { KernelManager } from "../kernel/mod.ts";
import { createApp } from "../server/app.ts";
import { loadConfig } from "../server/config/config.ts";
import { LocalKernels } from "../server/services/kernels/local_kernels.ts";
import { createServices, managerOptions } from "../server/setup.ts";
import { Metrics } from "../server/telemetry/metrics.ts";

/** The path of the file that this script writes. */
export const TYPES_FILE = fileURLToPath(new URL("openapi.ts", import.meta.url));

const HEADING =
  `// This file is made by \`deno task client\` from the server's description of its API: change it there.
// deno-lint-ignore-file -- made by a program
// deno-fmt-ignore-file
`;

/** Returns the text of `client/openapi.ts`. */
export async function clientTypes(): Promise<string> {
  const document = await describeApi();
  // The paths of other systems' clients are served to those clients.
  const paths = Object.entries(document.paths ?? {}).filter(([path]) => path.startsWith("/api/"));
  const nodes = await openapiTypescript(
    { ...document, paths: Object.fromEntries(paths) },
    // The server fills in the defaults of requests.
    { defaultNonNullable: false, emptyObjectsUnknown: true },
  );
  return HEADING + astToString(nodes);
}

async function describeApi(): Promise<OpenAPI3> {
  const config = loadConfig();
  await using manager = new KernelManager(managerOptions(config));
  const directory = new LocalKernels(manager);
  using metrics = new Metrics(directory);
  await using services = createServices({ config, directory, observers: [] });
  const app = createApp({
    config,
    services,
    metrics,
    pageDirectory: "/nowhere",
  });
  const answer = await app.fetch(new Request("http://localhost/openapi.json"));
  return await answer.json();
}

if (import.meta.main) await Deno.writeTextFile(TYPES_FILE, await clientTypes());
