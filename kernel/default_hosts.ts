import type { Hosts } from "./host.ts";
import { KernelMode } from "./options.ts";
import { RuntimeSource } from "./pyodide/source.ts";
import { Isolation } from "./hosts/process/isolation.ts";
import { MainThreadHost } from "./hosts/main_thread.ts";
import { ProcessHost } from "./hosts/process/host.ts";
import { CHECKED } from "./hosts/messages.ts";
import { StartSlots } from "./hosts/start_slots.ts";
import { WorkerHost } from "./hosts/worker/host.ts";

/** The hosts of this library: Pyodide, read and compiled once for all of them, when first needed. */
export function defaultHosts(): Hosts {
  const source = new RuntimeSource();
  const isolation = new Isolation();
  // A process starts with more than one thread of work.
  const cores = navigator.hardwareConcurrency;
  const workerSlots = new StartSlots(cores);
  const processSlots = new StartSlots(Math.max(1, Math.floor(cores / 2)));
  return {
    [KernelMode.MAIN_THREAD]: (init) => new MainThreadHost(init, source),
    [KernelMode.WORKER]: (init) => new WorkerHost(init, source, CHECKED, workerSlots),
    [KernelMode.PROCESS]: (init) => new ProcessHost(init, source, isolation, processSlots),
    isolation: () => isolation.report(),
  };
}

/**
 * Makes what this machine's kernels start from, if it is not there yet, so that the first kernel need
 * not wait for it; `onBuild` is called with what is made before it is, which takes seconds.
 */
export async function prepareKernels(onBuild: (what: string) => void = () => {}): Promise<void> {
  await new RuntimeSource({ onBuild }).prepare();
}
