import { z } from "@hono/zod-openapi";
import { type KernelInfo, KernelMode } from "../../../../kernel/mod.ts";

const grant = z.union([z.boolean(), z.array(z.string())]);
const permissions = z.object({
  read: grant,
  write: grant,
  net: grant,
  env: grant,
  run: grant,
  ffi: grant,
  sys: grant,
  import: grant,
});
const partialPermissions = permissions.partial();
/** What a kernel may use. */
export const kernelLimitsSchema = z.object({
  memoryMb: z.number(),
  filesMb: z.number(),
  outputBytes: z.number(),
  executionSeconds: z.number(),
  cpuSeconds: z.number(),
  queue: z.number(),
  openFiles: z.number(),
}).openapi("KernelLimits");
const mode = z.enum(KernelMode);
const status = z.enum(["starting", "idle", "busy", "restarting", "dead"]);
const milliseconds = z.int().openapi({ description: "Milliseconds; 0: never" });

/**
 * What `POST /api/kernels` takes. Only the shape is checked here: the library says what is allowed.
 * Unknown keys are passed over, because Jupyter's clients send some of their own to this path.
 */
export const createKernelSchema = z.object({
  id: z.string(),
  name: z.string().openapi({ description: "Its kind: see GET /api/kernelspecs" }),
  namespace: z.string(),
  mode,
  mounts: z.array(z.object({
    root: z.string(),
    mountPoint: z.string(),
    access: z.enum(["ro", "rw"]).optional(),
  })),
  filesystem: z.object({
    enabled: z.boolean(),
    root: z.string().optional(),
    mountPoint: z.string().optional(),
  }),
  permissions: partialPermissions,
  deno: z.object({ permissions: partialPermissions.optional() }),
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
  inactivityTimeout: milliseconds,
  maxExecutionTime: milliseconds,
  // The library names what is wrong, and the ceilings.
  limits: z.record(z.string(), z.unknown()).openapi({
    description: "What it may use: memoryMb, filesMb, outputBytes, executionSeconds, cpuSeconds " +
      "(0: any), queue, openFiles",
  }),
  packages: z.array(z.string()).openapi({
    description: "Packages to have from the start: names, perhaps with versions",
  }),
  javascript: z.boolean().openapi({
    description: "Whether strings may become JavaScript code, as pyodide.code.run_js needs",
  }),
}).partial().openapi("CreateKernel");

/** What a client may say of a new kernel. */
export type CreateKernel = z.infer<typeof createKernelSchema>;

/** A kind of kernel in the server's configuration: what `POST /api/kernels` takes, and a name. */
export const kernelProfileSchema = z.strictObject({
  ...createKernelSchema.omit({ id: true, name: true }).shape,
  displayName: z.string().optional(),
  /** How many are kept ready. */
  poolSize: z.int().min(0).max(100).optional(),
});

/** What can be changed of a kernel. */
export const updateKernelSchema = z.strictObject({ inactivityTimeout: milliseconds })
  .openapi("UpdateKernel");

/** A kernel. The last three fields are Jupyter's names for what is above. */
export const kernelSchema = z.object({
  id: z.string(),
  name: z.string(),
  namespace: z.string().nullable(),
  mode,
  status,
  created: z.iso.datetime(),
  lastActivity: z.iso.datetime(),
  executionCount: z.int(),
  memoryBytes: z.int().nullable(),
  mounts: z.array(z.object({
    root: z.string(),
    mountPoint: z.string(),
    access: z.enum(["ro", "rw"]),
  })),
  permissions: z.union([permissions, z.literal("inherit")]),
  inactivityTimeout: milliseconds,
  maxExecutionTime: milliseconds,
  limits: kernelLimitsSchema,
  last_activity: z.iso.datetime(),
  execution_state: status,
  connections: z.int(),
}).openapi("Kernel");

/** A kernel as clients see it. */
export type KernelModel = z.infer<typeof kernelSchema>;

/** What Jupyter's clients know of kernels. */
export interface KernelNaming {
  /** The kind that a kernel was asked for as. */
  nameOf(id: string): string;
  /** How many clients are connected to its channels. */
  connections(id: string): number;
}

/** A kernel as clients see it. */
export function kernelModel(info: KernelInfo, naming: KernelNaming): KernelModel {
  return {
    ...info,
    name: naming.nameOf(info.id),
    last_activity: info.lastActivity,
    execution_state: info.status,
    connections: naming.connections(info.id),
  };
}
