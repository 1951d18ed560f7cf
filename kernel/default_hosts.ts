import { type Clock, systemClock } from "./clock.ts";
import type { Engine, LanguageOffer } from "./engine.ts";
import { KernelError } from "./errors.ts";
import type { HostEvent, Hosts } from "./host.ts";
import { MainThreadHost } from "./hosts/main_thread.ts";
import { CHECKED, parsePortEnvelope } from "./hosts/messages.ts";
import { Isolation } from "./hosts/process/isolation.ts";
import { FrameTurns } from "./hosts/process/frame_turns.ts";
import { prepareProcesses } from "./hosts/process/launch.ts";
import { ProcessHost } from "./hosts/process/host.ts";
import { StartSlots } from "./hosts/start_slots.ts";
import { WorkerHost } from "./hosts/worker/host.ts";
import { RemoteServers } from "./hosts/remote/servers.ts";
import { BashEngine } from "./bash/engine.ts";
import { JavaScriptEngine } from "./javascript/engine.ts";
import type { NpmOptions } from "./packages/npm/npm_store.ts";
import type { PackageOptions } from "./packages/package_options.ts";
import { PythonEngine } from "./pyodide/engine.ts";
import { RuntimeSource } from "./pyodide/source.ts";
import type { RemoteServerOptions } from "./remote_options.ts";
import { LOCAL_MODES } from "./start_options.ts";

export { fetchWheel } from "./pyodide/package_source.ts";

/** Options for {@linkcode defaultEngines}. */
export interface DefaultEngineOptions {
  /** The source of Python's packages; `false`: kernels get none. @default Pyodide's own distribution */
  packages?: PackageOptions | false;
  /** The source of JavaScript's packages. @default kernels get none */
  npm?: NpmOptions | undefined;
}

/** Options for {@linkcode defaultHosts}. */
export interface DefaultHostOptions {
  /** Measures deadlines. @default the machine's time */
  clock?: Clock;
  /** The other servers that kernels may run on, by name. @default none */
  servers?: Readonly<Record<string, RemoteServerOptions>>;
}

/** Makes the engines that come with this library; each loads what it starts from once, when first needed. */
export function defaultEngines(options: DefaultEngineOptions = {}): Engine[] {
  const source = new RuntimeSource();
  return [
    new PythonEngine({ ...options, source }),
    new JavaScriptEngine("javascript", options.npm),
    new JavaScriptEngine("typescript", options.npm),
    new BashEngine(source),
  ];
}

/** Lists the languages of engines, the default one first. */
export function offeredLanguages(
  engines: readonly Engine[] = defaultEngines(),
): LanguageOffer[] {
  return engines.map(({ language, displayName = language, modes = LOCAL_MODES }) => ({
    ...{ language, displayName, modes },
  }));
}

/** Makes the hosts of this library for kernels of these languages. */
export function defaultHosts(
  engines: readonly Engine[] = defaultEngines(),
  { clock = systemClock, servers = {} }: DefaultHostOptions = {},
): Hosts {
  const isolation = new Isolation();
  // A process starts with more than one thread of work.
  const cores = navigator.hardwareConcurrency;
  const workerSlots = new StartSlots(cores, clock);
  const turns = new FrameTurns();
  const processSlots = new StartSlots(Math.max(1, Math.floor(cores / 2)), clock);
  const parse = { ...CHECKED, envelope: parsePortEnvelope };
  return {
    main_thread: (init) => new MainThreadHost(init, engineOf(engines, init.options.language)),
    worker: (init) =>
      new WorkerHost<HostEvent>(init, engineOf(engines, init.options.language), {
        parse,
        clock,
        slots: workerSlots,
      }),
    process: (init) =>
      new ProcessHost(init, engineOf(engines, init.options.language), {
        isolation,
        clock,
        slots: processSlots,
        turns,
      }),
    remote: new RemoteServers(servers, clock),
    isolation: () => isolation.report(),
    getsOwnRoot: async (language, permissions) =>
      engineOf(engines, language).selfContained === true &&
      await isolation.givesOwnRoot(permissions),
  };
}

/**
 * Makes what this machine's kernels start from, if it is not there yet, so that the first kernel need
 * not wait for it. `onBuild` is called with the name of each part before it is made, which takes seconds.
 */
export async function prepareKernels(onBuild: (what: string) => void = () => {}): Promise<void> {
  const source = new RuntimeSource({ onBuild });
  await source.prepare();
  const engine = new PythonEngine({ source });
  const isolation = new Isolation();
  for (const it of [engine, new JavaScriptEngine(), new BashEngine(source)]) {
    const { readable } = await it.locate();
    await prepareProcesses(it, readable, isolation);
  }
}

function engineOf(engines: readonly Engine[], language: string): Engine {
  const engine = engines.find((it) => it.language === language);
  if (engine) return engine;
  throw new KernelError("start_failed", `No host has an engine for the language "${language}"`);
}
