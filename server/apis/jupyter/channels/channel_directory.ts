import type { Executions } from "../../../services/executions/executions.ts";
import type { KernelHandle } from "../../../services/kernels/handle.ts";
import type { Kernels } from "../../../services/kernels/kernels.ts";
import { KernelChannels } from "./kernel_channels.ts";

/** The channels of the kernels that Jupyter's clients have connected to, each until its kernel ends. */
export class ChannelDirectory {
  readonly #kernels: Kernels;
  readonly #executions: Executions;
  readonly #channels = new Map<string, KernelChannels>();

  constructor(kernels: Kernels, executions: Executions) {
    this.#kernels = kernels;
    this.#executions = executions;
    kernels.onEnd((kernelId) => this.#channels.delete(kernelId));
  }

  /** Returns the channels of a kernel. */
  of(kernel: KernelHandle): KernelChannels {
    let channels = this.#channels.get(kernel.id);
    if (!channels) {
      channels = new KernelChannels(kernel, {
        kernels: this.#kernels,
        executions: this.#executions,
      });
      this.#channels.set(kernel.id, channels);
    }
    return channels;
  }
}
