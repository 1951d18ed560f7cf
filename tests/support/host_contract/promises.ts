import type { KernelMode, KernelOptions } from "../../../kernel/mod.ts";
import { createKernel, type KernelFixture } from "../mod.ts";

/** What a kind of host promises beyond what all of them do. */
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

/** Tests with kernels of a mode. */
export function hostTests(mode: KernelMode): HostTests {
  return {
    create: (options = {}) => createKernel({ mode, ...options }),
    test: (name, body) => Deno.test(`${mode}: ${name}`, body),
  };
}
