import {
  type Kernel,
  type KernelManager,
  type KernelOptions,
  type LanguageInfo,
} from "../../../kernel/mod.ts";
import { HttpError } from "../../errors/http_error.ts";
import type { JupyterClient } from "../../apis/jupyter/channels/client.ts";
import { KernelChannels } from "../../apis/jupyter/channels/kernel_channels.ts";
import { DEFAULT_SPEC, type KernelSpecs } from "./kinds.ts";

/**
 * The kernels of a server with what Jupyter's clients know of them: their kind and their channels. It
 * ends with the manager, which ends every kernel, and with it the connections of its clients.
 */
export class JupyterKernels {
  readonly specs: KernelSpecs;
  readonly #kernels: KernelManager;
  readonly #defaults: KernelOptions;
  /** The kind that each kernel was asked for as. */
  readonly #names = new Map<string, string>();
  readonly #channels = new Map<string, KernelChannels>();
  #languageInfo: Promise<LanguageInfo> | undefined;

  /** `defaults` are what kernels are like whose kind does not say. */
  constructor(kernels: KernelManager, specs: KernelSpecs, defaults: KernelOptions) {
    this.#kernels = kernels;
    this.#defaults = defaults;
    this.specs = specs;
    kernels.events.on("kernel_terminated", ({ kernelId }) => {
      if (this.#has(kernelId)) return;
      this.#names.delete(kernelId);
      this.#channels.delete(kernelId);
    });
  }

  /** How many clients are connected to a kernel, or to all. */
  connections(id?: string): number {
    if (id !== undefined) return this.#channels.get(id)?.connections ?? 0;
    return [...this.#channels.values()].reduce((sum, { connections }) => sum + connections, 0);
  }

  /** The kind that a kernel was asked for as. */
  nameOf(id: string): string {
    return this.#names.get(id) ?? DEFAULT_SPEC;
  }

  /**
   * Starts a kernel of a kind; `asked` counts over what the kind says. Gives up when `signal` aborts.
   *
   * @throws {HttpError} `not_found` when there is no such kind.
   */
  async start(name: string, asked: KernelOptions, signal?: AbortSignal): Promise<Kernel> {
    const spec = this.specs.get(name);
    if (!spec) {
      const known = this.specs.list().map((it) => `"${it.name}"`).join(", ");
      throw new HttpError(
        404,
        "not_found",
        `Cannot create kernel: name: there is no kernel "${name}"; use one of ${known}`,
      );
    }
    const options = { ...this.#defaults, ...spec.options, ...asked };
    const id = await this.#kernels.createKernel(options, signal && { signal });
    this.#names.set(id, spec.name);
    const kernel = this.#kernels.getKernel(id);
    // While it has nothing else to do: clients ask it of kernels that are busy, too.
    this.#describeLanguage(kernel).catch(() => {});
    return kernel;
  }

  /** Gives a kernel a fresh interpreter. */
  async restart(kernel: Kernel): Promise<void> {
    await this.#channelsOf(kernel).restart();
  }

  /** Connects a client to a kernel's channels. */
  attach(kernel: Kernel, client: JupyterClient): void {
    this.#channelsOf(kernel).attach(client);
  }

  #channelsOf(kernel: Kernel): KernelChannels {
    let channels = this.#channels.get(kernel.id);
    if (!channels) {
      channels = new KernelChannels({
        kernel,
        languageInfo: () => this.#describeLanguage(kernel),
        shutdown: async () => void await this.#kernels.destroyKernel(kernel.id),
        isWanted: () => this.#has(kernel.id),
      });
      this.#channels.set(kernel.id, channels);
    }
    return channels;
  }

  /** The same for every kernel, so that one that is busy need not be asked. */
  #describeLanguage(kernel: Kernel): Promise<LanguageInfo> {
    return this.#languageInfo ??= kernel.languageInfo().catch((error) => {
      this.#languageInfo = undefined;
      throw error;
    });
  }

  #has(id: string): boolean {
    return this.#kernels.listKernels().some((info) => info.id === id);
  }
}
