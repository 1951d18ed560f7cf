import { KernelError, type RemoteKernel, type RemoteKernelSpec } from "../../../kernel/mod.ts";
import { type Grant, unknownServer } from "../namespaces/grant.ts";
import type { KernelDirectory } from "./handle.ts";

/** The other servers on which a namespace's kernels may run: those of its grant. */
export class RemoteWithin
  implements Pick<KernelDirectory, "listRemoteKernels" | "listRemoteKernelSpecs" | "servers"> {
  readonly #directory: KernelDirectory;
  readonly #grant: () => Grant;

  constructor(directory: KernelDirectory, grant: () => Grant) {
    this.#directory = directory;
    this.#grant = grant;
  }

  async servers(): Promise<readonly string[]> {
    const { servers } = this.#grant();
    return (await this.#directory.servers()).filter((it) => servers.includes(it));
  }

  /** Lists none: nobody knows which of the kernels that run there are whose. */
  async listRemoteKernels(server: string): Promise<RemoteKernel[]> {
    await this.#assertAllowed(server);
    return [];
  }

  async listRemoteKernelSpecs(server: string): Promise<RemoteKernelSpec[]> {
    await this.#assertAllowed(server);
    return await this.#directory.listRemoteKernelSpecs(server);
  }

  async #assertAllowed(server: string): Promise<void> {
    if ((await this.servers()).includes(server)) return;
    throw new KernelError("invalid_argument", unknownServer(server, this.#grant()));
  }
}
