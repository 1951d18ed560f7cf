import type { KernelMode, KernelOptions } from "../../../kernel/mod.ts";
import { createKernel, type KernelFixture } from "../mod.ts";

/** The promises of a kind of host beyond those of all. */
export interface HostPromises {
  mode: KernelMode;
  /** It stays responsive, and can be interrupted, while Python computes. */
  preemptive: boolean;
}

/** What the tests of one kind of host begin with. */
export interface HostTests {
  /** Makes a kernel of that kind. */
  create(options?: KernelOptions): Promise<KernelFixture>;
  /** Declares a test with the kind before its name. */
  test(name: string, body: () => Promise<void>): void;
}

/** Declares tests with kernels of a mode and a language, by default the first one. */
export function hostTests(mode: KernelMode, language?: string): HostTests {
  const label = language === undefined ? mode : `${mode}, ${language}`;
  return {
    create: (options = {}) =>
      createKernel({ mode, ...(language !== undefined && { language }), ...options }),
    test: (name, body) => Deno.test(`${label}: ${name}`, body),
  };
}
