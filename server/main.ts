/**
 * The server: reads the configuration, opens the port, and ends in order when a signal asks for it.
 *
 * @module
 */
import { getLogger } from "@logtape/logtape";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { KernelManager } from "../kernel/mod.ts";
import { removeAbandoned } from "./abandoned.ts";
import { openDebugPorts } from "./apis/e2b/debug_ports.ts";
import { LabSource } from "./apis/jupyter/lab/lab_source.ts";
import { createApp } from "./app.ts";
import {
  asksForHelp,
  asksForVersion,
  checkNotebookDir,
  listenProblem,
  versionLine,
} from "./command_line.ts";
import { type Config, ConfigError, loadProcessConfig } from "./config/config.ts";
import { describeSettings } from "./config/settings.ts";
import { listen, type Listener } from "./http/listen.ts";
import { createLabApp, LAB_NAMESPACE } from "./lab_app.ts";
import { LocalKernels } from "./services/kernels/local_kernels.ts";
import type { ServerServices } from "./services/mod.ts";
import { createServices, managerOptions } from "./setup.ts";
import { surviveFaults } from "./telemetry/faults.ts";
import { configureLogging } from "./telemetry/logging.ts";
import { Metrics } from "./telemetry/metrics.ts";
import { traceExecutions } from "./telemetry/tracing.ts";

const usage = `Usage: start-server.sh [--SETTING VALUE]...
       start-server.sh mcp [--SETTING VALUE]...    serves one agent over standard input and output
       start-server.sh token NAMESPACE [--help]    makes a token that is bound to a namespace
       start-server.sh repl [--help]

Serves a notebook for the browser and an HTTP API. Each setting is a flag, a variable of the
environment (--max-kernels: MAX_KERNELS) or a line of .env. -h shows this text, --version the version.

${describeSettings()}`;

const pageDirectory = fileURLToPath(new URL("../dist/ui", import.meta.url));

/** The time that clients get to read their last answers; a client that is stuck must not keep the server. */
const CLOSE_TIMEOUT_MS = 2_000;

/** Serves until a signal asks this process to end; returns the program's exit status. */
async function serve(configured: Config): Promise<number> {
  const config = withToken(configured);
  await configureLogging({ level: config.logLevel, format: config.logFormat });
  const logger = getLogger("server");
  using _survival = surviveFaults();
  let ready = true;
  await using manager = new KernelManager(managerOptions(config));
  const directory = new LocalKernels(manager);
  using metrics = new Metrics(directory);
  await using services = createServices({
    config,
    directory,
    observers: [metrics.observer, traceExecutions()],
    isReady: () => ready,
  });
  const stop = nextSignal();
  const app = createApp({ config, services, metrics, pageDirectory });
  const listener = await listen(app.fetch, { ...config, hostname: config.host });
  const { sandboxes } = services;
  const lab = config.labPort === undefined ? undefined : await openLab(config, services, metrics);
  const debugListeners = config.e2bDebugPorts
    ? await openDebugPorts({ fetch: app.fetch, sandboxes, limits: config })
    : [];
  announce(config, listener.address, lab);
  void manager.warmUp();
  void removeAbandoned();
  const signal = await stop;
  ready = false;
  logger.info("ending", { signal, liveExecutions: services.executions.liveCount });
  const listeners = [listener, ...(lab ? [lab.listener] : []), ...debugListeners];
  for (const it of listeners) it.stop();
  await services.executions.drain(config.shutdownTimeoutMs);
  // Streams end with the kernels and executions that they follow.
  await manager[Symbol.asyncDispose]();
  await Promise.all(listeners.map((it) => it.close(CLOSE_TIMEOUT_MS)));
  return 0;
}

/** Adds a token if others can reach the server and none is configured. */
function withToken(config: Config): Config {
  if (!config.requireToken || config.token !== undefined) return config;
  return { ...config, token: crypto.getRandomValues(new Uint8Array(24)).toHex() };
}

/** JupyterLab's port. */
interface Lab {
  listener: Listener;
  /** The token of JupyterLab's namespace, which its address begins with. */
  secret: string;
}

/** Opens JupyterLab's port, and begins to fetch JupyterLab. */
async function openLab(
  config: Config,
  services: ServerServices,
  metrics: Metrics,
): Promise<Lab> {
  const { labPort: port = 0, packages, notebookDir } = config;
  if (notebookDir !== undefined) await Deno.mkdir(notebookDir, { recursive: true });
  const source = new LabSource(packages || {});
  const fetch = createLabApp({ config, services, metrics, source });
  const listener = await listen(fetch, { ...config, hostname: config.host, port });
  const { secret } = services.tokens.issue({
    namespace: LAB_NAMESPACE,
    families: ["native", "jupyter"],
    // Only the operator, or the one user of this server, opens JupyterLab.
    limits: { kernels: config.maxKernels },
  });
  source.get().catch(() => {}); // It is logged, and the page says so too.
  return { listener, secret };
}

/** Tells a person the server's addresses. This is the only place that shows tokens. */
function announce(config: Config, { address, port }: AddressInfo, lab: Lab | undefined): void {
  const name = address.includes(":") ? `[${address}]` : address;
  const query = config.token === undefined ? "" : `?token=${config.token}`;
  console.log(`Notebook: http://${name}:${port}/${query}`);
  console.log(`API:      http://${name}:${port}/docs`);
  if (lab) {
    console.log(`JupyterLab: http://${name}:${lab.listener.address.port}/${lab.secret}/lab`);
  }
}

/** Resolves with the first signal that asks this process to end; a second one ends the process at once. */
function nextSignal(): Promise<Deno.Signal> {
  const { promise, resolve } = Promise.withResolvers<Deno.Signal>();
  let asked = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      if (asked) Deno.exit(130);
      asked = true;
      resolve(signal);
    });
  }
  return promise;
}

async function main(args: string[]): Promise<number> {
  if (asksForHelp(args)) {
    console.log(usage);
    return 0;
  }
  if (asksForVersion(args)) {
    console.log(versionLine());
    return 0;
  }
  let config: Config | undefined;
  try {
    config = loadProcessConfig(args);
    // JupyterLab's is made.
    if (config.labPort === undefined) checkNotebookDir(config);
    return await serve(config);
  } catch (error) {
    if (error instanceof ConfigError) {
      console.error(`Cannot start:\n${error.message}\n\nTry --help.`);
      return 2;
    }
    const problem = config && listenProblem(error, config);
    if (problem === undefined) throw error;
    console.error(`Cannot start: ${problem}`);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
