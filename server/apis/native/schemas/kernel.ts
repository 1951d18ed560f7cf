import { z } from "@hono/zod-openapi";
import { KernelMode } from "../../../../kernel/mod.ts";
import type { KernelDescription } from "../../../services/kernels/kernels.ts";
import {
  kernelRequestSchema,
  millisecondsSchema,
  permissionsSchema,
} from "../../../services/kernels/request.ts";

/** The limits of a kernel. */
export const kernelLimitsSchema = z.object({
  memoryMb: z.number(),
  filesMb: z.number(),
  outputBytes: z.number(),
  executionSeconds: z.number(),
  cpuSeconds: z.number(),
  queue: z.number(),
  openFiles: z.number(),
}).openapi("KernelLimits");

const status = z.enum(["starting", "idle", "busy", "restarting", "dead"]);

/** The body of `POST /api/kernels`. */
export const createKernelSchema = kernelRequestSchema.openapi("CreateKernel");

/** The body of `PATCH /api/kernels/{id}`. */
export const updateKernelSchema = z.strictObject({ inactivityTimeout: millisecondsSchema })
  .openapi("UpdateKernel");

/** A kernel in the union of the shapes that the families' clients read. */
export const kernelSchema = z.object({
  id: z.string(),
  name: z.string().openapi({ description: "The kind of the kernel" }),
  namespace: z.string().nullable(),
  mode: z.enum(KernelMode),
  status,
  created: z.iso.datetime(),
  lastActivity: z.iso.datetime(),
  executionCount: z.int(),
  memoryBytes: z.int().nullable().openapi({
    description: "The size of the interpreter's memory, as last heard of",
  }),
  mounts: z.array(z.object({
    root: z.string(),
    mountPoint: z.string(),
    access: z.enum(["ro", "rw"]),
  })),
  permissions: z.union([permissionsSchema, z.literal("inherit")]),
  inactivityTimeout: millisecondsSchema,
  maxExecutionTime: millisecondsSchema,
  limits: kernelLimitsSchema,
  last_activity: z.iso.datetime().openapi({ description: "Jupyter's name of lastActivity" }),
  execution_state: status.openapi({ description: "Jupyter's name of status" }),
  connections: z.int().openapi({
    description: "The number of Jupyter's clients that are connected",
  }),
}).openapi("Kernel");

/** A kernel as clients read it. */
export type KernelModel = z.infer<typeof kernelSchema>;

/** Turns the services' description of a kernel into the shape that clients read. */
export function kernelModel({ kind, ...description }: KernelDescription): KernelModel {
  return {
    ...description,
    name: kind,
    last_activity: description.lastActivity,
    execution_state: description.status,
  };
}
