/**
 * The server: reads the configuration, opens the port, and ends in order when it is told to.
 *
 * @module
 */
import { getLogger } from "@logtape/logtape";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { KernelManager } from "../kernel/mod.ts";
import { createApp } from "./app.ts";
import { type Config, ConfigError, loadProcessConfig } from "./config/config.ts";
import { describeSettings } from "./config/settings.ts";
import { Executions } from "./services/executions/executions.ts";
import { ExecutionStore } from "./services/executions/store.ts";
import { poolProfiles } from "./services/kernels/profiles.ts";
import { configureLogging } from "./telemetry/logging.ts";
import { Metrics } from "./telemetry/metrics.ts";
import { traceExecutions } from "./telemetry/tracing.ts";

const usage = `Usage: start-server.sh [--SETTING VALUE]...
       start-server.sh repl [--help]

Serves a notebook for the browser and an HTTP API. Each setting is a flag, a variable of the
environment (--max-kernels: MAX_KERNELS) or a line of .env:

${describeSettings()}`;

const pageDirectory = fileURLToPath(new URL("../dist/ui", import.meta.url));

/** How long clients get to read what they were sent; one that is stuck must not keep the server. */
const CLOSE_TIMEOUT_MS = 2_000;

/** Serves until a signal asks it to end; returns the program's exit status. */
async function serve(configured: Config): Promise<number> {
  const config = withToken(configured);
  await configureLogging({ level: config.logLevel, format: config.logFormat });
  const logger = getLogger("server");
  using store = new ExecutionStore(config.dataDir, config.retention);
  await using kernels = new KernelManager({
    mountRoots: config.mountRoots,
    packages: config.packages,
    maxKernels: config.maxKernels,
    limits: config.kernelLimits,
    limitCeilings: config.maxKernelLimits,
    pools: poolProfiles(config),
    allowedModes: config.allowedKernelModes,
    permissionCeiling: config.permissionCeiling,
  });
  using metrics = new Metrics(kernels);
  using executions = new Executions({
    kernels,
    store,
    observers: [metrics.observer, traceExecutions()],
  });
  const stop = nextSignal();
  let ready = true;
  const app = createApp({
    config,
    kernels,
    executions,
    metrics,
    pageDirectory,
    isReady: () => ready,
  });
  const server = Deno.serve({
    hostname: config.host,
    port: config.port,
    onListen: (address) => announce(config, address),
  }, app.fetch);
  void kernels.warmUp();
  const signal = await stop;
  ready = false;
  logger.info("ending", { signal, liveExecutions: executions.liveCount });
  const closed = server.shutdown();
  await executions.drain(config.shutdownTimeout);
  // Streams end with what they follow.
  await kernels[Symbol.asyncDispose]();
  await Promise.race([closed, delay(CLOSE_TIMEOUT_MS)]);
  return 0;
}

/** A server that others can reach is never without a token. */
function withToken(config: Config): Config {
  if (!config.requireToken || config.token !== undefined) return config;
  return { ...config, token: crypto.getRandomValues(new Uint8Array(24)).toHex() };
}

/** Tells a person where to go. It is the only place where the token is shown. */
function announce(config: Config, { hostname, port }: Deno.NetAddr): void {
  const name = hostname.includes(":") ? `[${hostname}]` : hostname;
  const query = config.token === undefined ? "" : `?token=${config.token}`;
  console.log(`Notebook: http://${name}:${port}/${query}`);
  console.log(`API:      http://${name}:${port}/docs`);
}

/** Resolves with the signal that asks this process to end; a second one ends it at once. */
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
  if (args.includes("--help")) {
    console.log(usage);
    return 0;
  }
  try {
    return await serve(loadProcessConfig(args));
  } catch (error) {
    if (error instanceof ConfigError) {
      console.error(`Cannot start:\n${error.message}\n\nTry --help.`);
      return 2;
    }
    if (error instanceof Deno.errors.AddrInUse) {
      console.error("Cannot start: the port is in use; choose another with --port, or 0 for any");
      return 1;
    }
    throw error;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
