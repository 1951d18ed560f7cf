import type { Hosts } from "../host.ts";
import { KernelMode } from "../options.ts";
import { RuntimeSource } from "../pyodide/source.ts";
import { MainThreadHost } from "./main_thread.ts";
import { WorkerHost } from "./worker.ts";

/** The hosts of this library: Pyodide, read and compiled once for all of them, when first needed. */
export function defaultHosts(): Hosts {
  const source = new RuntimeSource();
  return {
    [KernelMode.MAIN_THREAD]: (init) => new MainThreadHost(init, source),
    [KernelMode.WORKER]: (init) => new WorkerHost(init, source),
  };
}
