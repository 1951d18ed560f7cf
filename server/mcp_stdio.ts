/**
 * Serves one agent over standard input and output, without a port: the agent's client starts this
 * program, and the program ends with it.
 *
 * @module
 */
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import process from "node:process";
import { KernelManager } from "../kernel/mod.ts";
import { Agent } from "./apis/mcp/agents/agent.ts";
import { agentServices } from "./apis/mcp/agents/context.ts";
import { createMcpServer } from "./apis/mcp/server.ts";
import { asksForHelp, asksForVersion, checkNotebookDir, versionLine } from "./command_line.ts";
import { type Config, ConfigError, loadProcessConfig } from "./config/config.ts";
import { describeSettings } from "./config/settings.ts";
import { LocalKernels } from "./services/kernels/local_kernels.ts";
import { createServices, managerOptions } from "./setup.ts";
import { surviveFaults } from "./telemetry/faults.ts";
import { configureLogging } from "./telemetry/logging.ts";
import { traceExecutions } from "./telemetry/tracing.ts";

/** Serves until the client closes standard input or a signal asks this process to end. */
async function serve(config: Config): Promise<void> {
  await configureLogging({ level: config.logLevel, format: config.logFormat });
  using _survival = surviveFaults();
  await using manager = new KernelManager(managerOptions(config));
  await using services = createServices({
    config,
    directory: new LocalKernels(manager),
    observers: [traceExecutions()],
  });
  const shared = agentServices(services);
  const agent = new Agent({ lasting: true });
  const transport = new StdioServerTransport(undefined, undefined, {
    maxBufferSize: config.maxBodyBytes,
  });
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, end);
  // The transport's own listeners are the server's: the end of the input is noticed here.
  process.stdin.once("end", end).once("close", end);
  const server = serveStdio(({ era }) => createMcpServer({ ...shared, agent }, era), { transport });
  void manager.warmUp();
  await ended;
  await server.close();
  // Executions are settled when their kernels have ended, and the services wait for them.
  await manager[Symbol.asyncDispose]();
}

/** Keeps standard output free for the protocol: whatever is printed goes to standard error. */
function divertConsole(): void {
  for (const name of ["log", "info", "debug", "warn"] as const) console[name] = console.error;
}

const usage = `Usage: start-server.sh mcp [--SETTING VALUE]...

Serves one client of the Model Context Protocol over standard input and output, with kernels of its own.
Each setting is a flag, a variable of the environment (--max-kernels: MAX_KERNELS) or a line of .env:

${describeSettings()}`;

async function main(args: string[]): Promise<number> {
  divertConsole();
  if (asksForHelp(args) || asksForVersion(args)) {
    console.error(asksForHelp(args) ? usage : versionLine());
    return 0;
  }
  try {
    const config = loadProcessConfig(args);
    checkNotebookDir(config);
    await serve(config);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`Cannot start:\n${error.message}\n\nTry --help.`);
    return 2;
  }
}

// Ends the process explicitly: a read of standard input may still be under way.
if (import.meta.main) Deno.exit(await main(Deno.args));
