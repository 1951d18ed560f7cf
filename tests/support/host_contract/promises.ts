import type { KernelManagerOptions, KernelMode, KernelOptions } from "../../../kernel/mod.ts";
import { createKernel, type KernelFixture } from "../mod.ts";

/** The promises of a kind of host beyond those of all. */
export interface HostPromises {
  mode: KernelMode;
  /** True when the kernel stays responsive, and can be interrupted, while Python computes. */
  preemptive: boolean;
  /** True when the host cannot tell how much memory and processor time its interpreter takes. */
  unmeasured?: boolean;
  /** Named in the tests' names instead of the mode. */
  label?: string;
  /** The options of the manager and of each kernel, besides those of the test. */
  place?: () => { manager: Pick<KernelManagerOptions, "servers">; kernel: KernelOptions };
  /**
   * The tests that kernels in this host cannot pass, by name, with the reason. Those that were met are taken
   * out, so that what is left at the end are names of no test.
   */
  exceptions?: Map<string, string>;
}

/** The functions that the tests of one kind of host share. */
export interface HostTests {
  /** Makes a kernel in a host of the kind. */
  create(options?: KernelOptions): Promise<KernelFixture>;
  /** Declares a test with the kind before its name. */
  test(name: string, body: () => Promise<void>): void;
}

/** Returns the functions for kernels of a host and a language; without one, of the default language. */
export function hostTests(promises: HostPromises, language?: string): HostTests {
  const { mode, label: place = mode, exceptions } = promises;
  const label = language === undefined ? place : `${place}, ${language}`;
  return {
    create: (options = {}) => {
      const { manager = {}, kernel = {} } = promises.place?.() ?? {};
      const named = language === undefined ? {} : { language };
      return createKernel({ mode, ...named, ...kernel, ...options }, manager);
    },
    test: (name, body) => {
      if (!exceptions?.delete(name)) Deno.test(`${label}: ${name}`, body);
    },
  };
}
