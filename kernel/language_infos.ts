import type { LanguageInfo } from "./calls/replies.ts";
import type { KernelHost } from "./host.ts";

/** The descriptions of languages. Each is learned from the first kernel that has the language. */
export class LanguageInfos {
  readonly #known = new Map<string, LanguageInfo>();

  /** Returns the description of a language; undefined before a kernel of it was started. */
  get(language: string): LanguageInfo | undefined {
    return this.#known.get(language);
  }

  /**
   * Asks the host of a kernel, unless the description is known. The kernel must have executed nothing yet:
   * user code could forge the answer for all other kernels.
   */
  async learn(language: string, host: KernelHost): Promise<void> {
    if (this.#known.has(language)) return;
    try {
      const { value } = await host.call("info", {});
      this.#known.set(language, value);
    } catch {
      // The next kernel is asked again; this one answers for itself.
    }
  }
}
