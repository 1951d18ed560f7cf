import type { KernelOptions, PoolProfile } from "../../../kernel/mod.ts";
import type { Config } from "../../config/config.ts";
import type { KernelSpec } from "./kinds.ts";
import { kernelOptions } from "../../apis/native/kernels.ts";

/** The kinds of kernels that the configuration describes. */
export function configuredSpecs({ kernelProfiles }: Config): KernelSpec[] {
  return Object.entries(kernelProfiles).map(([name, profile]) => {
    const { displayName = name, poolSize: _, ...options } = profile;
    return { name, displayName, options: kernelOptions(options) };
  });
}

/** What the server keeps ready: kernels of the default kind, and of configured ones that say so. */
export function poolProfiles(config: Config): PoolProfile[] {
  const { kernelPoolSize, defaultKernelMode, kernelProfiles } = config;
  const specs = configuredSpecs(config);
  return [
    { size: kernelPoolSize, mode: defaultKernelMode },
    ...specs.map(({ name, options }) => ({
      mode: defaultKernelMode,
      ...startedWith(options),
      size: kernelProfiles[name]?.poolSize ?? 0,
    })),
  ];
}

/** What of a kernel's options counts when its interpreter is started. */
function startedWith(options: KernelOptions): Omit<PoolProfile, "size"> {
  const { mode, mounts, deno, limits, javascript, packages } = options;
  const all = { mode, mounts, deno, limits, javascript, packages };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
