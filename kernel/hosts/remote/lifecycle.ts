import { z } from "npm:zod@4.6.7";
import type { Clock } from "../../clock.ts";
import { delay } from "../../deadline.ts";
import { KernelError } from "../../errors.ts";
import type { RemoteOptions } from "../../start_options.ts";
import type { JupyterRest } from "./rest.ts";

/** The kernels that outlive their hosts, by the ids here: a kernel that is restarted keeps its place. */
export type RemotePlaces = Map<string, RemotePlace>;

/** The place of a kernel on its server. */
interface RemotePlace {
  /** Its id there. */
  id: string;
  /** The fate of the process before this one. @default it lives */
  crash?: Crash;
}

/** The end of a kernel's process: it is dead, its server restarts it, or another client has restarted it. */
export type Crash = "dead" | "restarting" | "restarted";

/** The time for the end of a kernel on its server, in milliseconds. */
const END_DEADLINE_MS = 5_000;
/** The pause before a server is asked again to end a kernel, in milliseconds. */
const END_PAUSE_MS = 300;

const created = z.object({ id: z.string().min(1).max(200), name: z.string().max(200) });

/** Starts, restarts, interrupts and ends kernels on another server by its REST API. */
export class KernelLifecycle {
  readonly #rest: JupyterRest;
  readonly #options: RemoteOptions["remote"];
  readonly #clock: Clock;

  constructor(rest: JupyterRest, options: RemoteOptions["remote"], clock: Clock) {
    this.#rest = rest;
    this.#options = options;
    this.#clock = clock;
  }

  /** Starts a kernel, or finds the one that was asked for, and returns its id. */
  async start(): Promise<string> {
    const { remoteKernelId: id } = this.#options;
    return id === undefined ? await this.#create() : await this.#find(id);
  }

  /** Restarts the kernel in its place; starts another one when it is gone, or when that is the policy. */
  async revive({ id, crash }: RemotePlace): Promise<string> {
    if (crash === "restarted") return id;
    const attached = this.#options.remoteKernelId !== undefined;
    if (crash && this.#rest.server.onCrash === "replace" && !attached) {
      await this.end(id);
      return await this.#create();
    }
    if (crash === "restarting") return id;
    try {
      await this.#rest.tell({ method: "POST", path: ["api", "kernels", id, "restart"] });
      return id;
    } catch (error) {
      const gone = error instanceof KernelError && error.code === "not_found";
      if (!gone || attached) throw error;
      return await this.#create();
    }
  }

  /** Interrupts a kernel; throws when its server does not confirm it. */
  async interrupt(id: string): Promise<void> {
    const { connectTimeoutMs: timeoutMs } = this.#rest.server;
    await this.#rest.tell({ method: "POST", path: ["api", "kernels", id, "interrupt"], timeoutMs });
  }

  /** Ends a kernel; false when its server does not confirm it, also when asked again. */
  async end(id: string): Promise<boolean> {
    const end = this.#clock.now() + END_DEADLINE_MS;
    do {
      try {
        const path = ["api", "kernels", id];
        await this.#rest.tell({ method: "DELETE", path, timeoutMs: END_DEADLINE_MS });
        return true;
      } catch (error) {
        if (!(error instanceof KernelError)) return false;
        if (error.code === "not_found") return true;
        // A server that restarts the kernel at the moment refuses to end it.
        if (error.code !== "kernel_error") return false;
        await delay(END_PAUSE_MS, { clock: this.#clock });
      }
    } while (this.#clock.now() < end);
    return false;
  }

  async #create(): Promise<string> {
    const { kernelName: name, path } = this.#options;
    const body = { name, ...(path !== undefined && { path }) };
    return (await this.#rest.ask({ method: "POST", path: ["api", "kernels"], body }, created)).id;
  }

  async #find(id: string): Promise<string> {
    return (await this.#rest.ask({ path: ["api", "kernels", id] }, created)).id;
  }
}
