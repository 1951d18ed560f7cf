import type { KernelInfo } from "../../../kernel/mod.ts";

/** The numbers of kernels, under the names that CodeRunner's clients look for. */
export interface KernelCounts {
  total_kernels: number;
  available_kernels: number;
  busy_kernels: number;
}

/** Counts kernels. */
export function countKernels(kernels: readonly Pick<KernelInfo, "status">[]): KernelCounts {
  const busy = kernels.filter(({ status }) => status === "busy").length;
  return {
    total_kernels: kernels.length,
    available_kernels: kernels.length - busy,
    busy_kernels: busy,
  };
}
