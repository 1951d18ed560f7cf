import { z } from "@hono/zod-openapi";
import type { KernelMode, KernelOptions, PoolProfile } from "../../../kernel/mod.ts";
import { DEFAULT_LANGUAGE, type KernelKind } from "./kinds.ts";
import { kernelOptions, kernelRequestSchema } from "./request.ts";

/** A kind of kernels in the server's configuration: the request for such a kernel, and more. */
export const kernelProfileSchema = z.strictObject({
  ...kernelRequestSchema.omit({ id: true, name: true }).shape,
  /** The kind's name for people. */
  displayName: z.string().optional(),
  /** The number of interpreters that are kept ready. */
  poolSize: z.int().min(0).max(100).optional(),
});

/** The kinds of the configuration, by name. */
export type KernelProfiles = Record<string, z.infer<typeof kernelProfileSchema>>;

/** Makes the kinds of kernels that the configuration describes. */
export function configuredKinds(profiles: KernelProfiles): KernelKind[] {
  return Object.entries(profiles).map(([name, profile]) => {
    const { displayName = name, poolSize: _, autoRestart = false, ...request } = profile;
    const options = kernelOptions(request);
    return {
      name,
      displayName,
      language: options.language ?? DEFAULT_LANGUAGE,
      options,
      autoRestart,
    };
  });
}

/** Options for {@linkcode poolProfiles}. */
export interface PoolSizes {
  /** The number of interpreters of the default kind that are kept ready. */
  kernelPoolSize: number;
  defaultKernelMode: KernelMode;
  kernelProfiles: KernelProfiles;
}

/** Describes the interpreters that the server keeps ready: of the default kind and the configured ones. */
export function poolProfiles(sizes: PoolSizes): PoolProfile[] {
  const { kernelPoolSize, defaultKernelMode, kernelProfiles } = sizes;
  return [
    { size: kernelPoolSize, mode: defaultKernelMode },
    ...configuredKinds(kernelProfiles).map(({ name, options }) => ({
      mode: defaultKernelMode,
      ...startOptions(options),
      size: kernelProfiles[name]?.poolSize ?? 0,
    })),
  ];
}

/** Picks the options that decide what an interpreter is started with. */
function startOptions(options: KernelOptions): Omit<PoolProfile, "size"> {
  const { language, mode, mounts, deno, limits, allowEval, packages } = options;
  const all = { language, mode, mounts, deno, limits, allowEval, packages };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
