import type { KernelMode, KernelOptions } from "../../../kernel/mod.ts";
import { createKernel, type KernelFixture } from "../mod.ts";

/** The promises of a kind of host beyond those of all. */
export interface HostPromises {
  mode: KernelMode;
  /** True when the kernel stays responsive, and can be interrupted, while Python computes. */
  preemptive: boolean;
}

/** The functions that the tests of one kind of host share. */
export interface HostTests {
  /** Makes a kernel in a host of the kind. */
  create(options?: KernelOptions): Promise<KernelFixture>;
  /** Declares a test with the kind before its name. */
  test(name: string, body: () => Promise<void>): void;
}

/** Returns the functions for kernels of a mode and a language; without one, of the default language. */
export function hostTests(mode: KernelMode, language?: string): HostTests {
  const label = language === undefined ? mode : `${mode}, ${language}`;
  return {
    create: (options = {}) =>
      createKernel({ mode, ...(language !== undefined && { language }), ...options }),
    test: (name, body) => Deno.test(`${label}: ${name}`, body),
  };
}
