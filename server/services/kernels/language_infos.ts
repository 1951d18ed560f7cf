import type { LanguageInfo } from "../../../kernel/mod.ts";
import type { KernelHandle } from "./handle.ts";

/**
 * The descriptions of the languages that kernels run. All kernels of a language say the same, so that a
 * kernel that computes need not be asked.
 */
export class LanguageInfos {
  readonly #infos = new Map<string, Promise<LanguageInfo>>();

  /** Returns the description of a kernel's language; asks the kernel if it is the first of its language. */
  of(language: string, kernel: KernelHandle): Promise<LanguageInfo> {
    const known = this.#infos.get(language);
    if (known) return known;
    const info = kernel.calls.languageInfo().catch((error) => {
      this.#infos.delete(language);
      throw error;
    });
    this.#infos.set(language, info);
    return info;
  }
}
