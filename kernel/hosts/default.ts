import type { Hosts } from "../host.ts";
import { KernelMode } from "../options.ts";
import { RuntimeSource } from "../pyodide/source.ts";
import { Isolation } from "./isolation.ts";
import { MainThreadHost } from "./main_thread.ts";
import { ProcessHost } from "./process.ts";
import { WorkerHost } from "./worker.ts";

/** The hosts of this library: Pyodide, read and compiled once for all of them, when first needed. */
export function defaultHosts(): Hosts {
  const source = new RuntimeSource();
  const isolation = new Isolation();
  return {
    [KernelMode.MAIN_THREAD]: (init) => new MainThreadHost(init, source),
    [KernelMode.WORKER]: (init) => new WorkerHost(init, source),
    [KernelMode.PROCESS]: (init) => new ProcessHost(init, source, isolation),
    isolation: () => isolation.report(),
  };
}
