/**
 * Makes what a configuration describes: the options of the kernels' manager, and the services.
 *
 * @module
 */
import {
  type Clock,
  type KernelManagerOptions,
  offeredLanguages,
  resolveLimits,
  systemClock,
} from "../kernel/mod.ts";
import { join } from "node:path";
import { type Config, ConfigError } from "./config/config.ts";
import { Apps } from "./services/apps/apps.ts";
import { type ExecutionObserver, Executions } from "./services/executions/executions.ts";
import { SqliteExecutionStore } from "./services/executions/sqlite_store.ts";
import type { KernelDirectory } from "./services/kernels/handle.ts";
import { KernelKinds } from "./services/kernels/kinds.ts";
import { Kernels } from "./services/kernels/kernels.ts";
import { configuredKinds, poolProfiles } from "./services/kernels/profiles.ts";
import type { ServerFacts, ServerServices } from "./services/mod.ts";
import { LiveNotebooks } from "./services/notebooks/live_notebooks.ts";
import { NumberedNotebooks } from "./services/notebooks/numbered/numbered_notebooks.ts";
import { Notebooks } from "./services/notebooks/notebooks.ts";
import { Sandboxes } from "./services/sandboxes/sandboxes.ts";
import { Sessions } from "./services/sessions/sessions.ts";
import { TokenFileError } from "./services/tokens/token_file.ts";
import { Tokens } from "./services/tokens/tokens.ts";
import { NamespaceServices } from "./services/within.ts";

/** Options for {@linkcode createServices}. */
export interface ServicesInit {
  config: Config;
  /** The kernels; the caller ends them before it disposes the services. */
  directory: KernelDirectory;
  /** Metrics and traces of executions. */
  observers?: readonly ExecutionObserver[];
  /** Tells whether the server takes work. @default always */
  isReady?: () => boolean;
  /** Measures times and delays. @default the time of this machine */
  clock?: Clock;
}

/** Returns the options of the manager that a configuration describes. */
export function managerOptions(config: Config): KernelManagerOptions {
  return {
    mountRoots: [...config.mountRoots, config.sandboxDir],
    packages: config.packages,
    ...(config.npm && { npm: config.npm }),
    maxKernels: config.maxKernels,
    servers: config.servers,
    limits: config.kernelLimits,
    limitCeilings: config.maxKernelLimits,
    pools: poolProfiles(config),
    allowedModes: config.allowedKernelModes,
    permissionCeiling: config.permissionCeiling,
  };
}

/**
 * Makes the services that a configuration describes.
 *
 * @throws {ConfigError} when the file of tokens cannot be read.
 */
export function createServices(
  { config, directory, observers = [], isReady = () => true, clock = systemClock }: ServicesInit,
): ServerServices & AsyncDisposable {
  const { allowedKernelModes: modes, defaultKernelMode: defaultMode, notebookDir } = config;
  const disposal = new AsyncDisposableStack();
  const tokens = disposal.use(openTokens(config, clock));
  const store = disposal.use(new SqliteExecutionStore(config.dataDir, config.retention));
  const languages = offeredLanguages();
  const configured = configuredKinds(config.kernelProfiles);
  const kernels = disposal.use(
    new Kernels({
      directory,
      kinds: new KernelKinds({
        modes,
        defaultMode,
        languages,
        servers: Object.keys(config.servers),
        configured,
      }),
      defaults: { inactivityTimeoutMs: config.inactivityTimeoutMs },
    }),
  );
  const executions = disposal.use(new Executions({ kernels: directory, store, observers }));
  const sessions = disposal.use(new Sessions(kernels));
  const sandboxes = disposal.use(new Sandboxes({ kernels, clock, directory: config.sandboxDir }));
  const notebooks = notebookDir === undefined ? undefined : new Notebooks(notebookDir);
  const kernelLimits = resolveLimits({}, config.kernelLimits, config.maxKernelLimits);
  const liveNotebooks = notebooks &&
    disposal.use(new LiveNotebooks({ notebooks, executions, kernels, sessions }));
  const { requirementsFile } = config;
  const numberedNotebooks = disposal.use(
    new NumberedNotebooks({
      ...{ kernels, executions, sessions, requirementsFile },
      files: liveNotebooks,
    }),
  );
  const { dataDir } = config;
  const appsFile = dataDir === undefined ? undefined : join(dataDir, "apps.json");
  const apps = disposal.use(new Apps({ notebooks, kernels, executions, clock, file: appsFile }));
  const facts: ServerFacts = {
    modes,
    defaultMode,
    languages,
    limits: {
      maxKernels: config.maxKernels,
      maxQueue: kernelLimits.queue,
      kernel: kernelLimits,
      maxBodyBytes: config.maxBodyBytes,
      maxUploadBytes: config.maxUploadBytes,
    },
    mountRoots: config.mountRoots,
    startedAt: new Date(),
  };
  const server = {
    kernels,
    executions,
    sessions,
    sandboxes,
    notebooks,
    liveNotebooks,
    numberedNotebooks,
    facts,
    agents: config.agents,
    directories: { notebooks: notebookDir, data: config.dataDir },
    clock,
    isReady,
    tokens,
    apps,
  };
  const limits = { defaults: config.kernelLimits, ceilings: config.maxKernelLimits };
  const namespaces = disposal.use(new NamespaceServices(server, limits));
  return {
    ...server,
    within: (namespace) => namespaces.of(namespace),
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}

function openTokens(config: Config, clock: Clock): Tokens {
  const { tokensFile: file, namespaceKernels } = config;
  const { allowedKernelModes: modes, defaultKernelMode: defaultMode } = config;
  try {
    return new Tokens({ file, clock, modes, defaultMode, namespaceKernels });
  } catch (error) {
    if (error instanceof TokenFileError) throw new ConfigError(`TOKENS_FILE: ${error.message}`);
    throw error;
  }
}
