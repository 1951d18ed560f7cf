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
  memoryMiB: z.number(),
  filesMiB: z.number(),
  memoryMb: z.number().openapi({ description: "An older name of memoryMiB" }),
  filesMb: z.number().openapi({ description: "An older name of filesMiB" }),
  outputBytes: z.number(),
  executionSeconds: z.number(),
  cpuSeconds: z.number(),
  queue: z.number(),
  openFiles: z.number(),
}).openapi("KernelLimits");

const nullable = z.number().nullable().openapi({
  description: "null: nobody keeps this limit, because the kernel runs on another server",
});

/** The limits of a kernel as they are in force. */
const shownLimitsSchema = kernelLimitsSchema.extend({
  memoryMiB: nullable,
  filesMiB: nullable,
  memoryMb: nullable,
  filesMb: nullable,
  cpuSeconds: nullable,
  openFiles: nullable,
}).openapi("ShownKernelLimits");

const status = z.enum(["starting", "idle", "busy", "restarting", "unreachable", "dead"]);
/** Jupyter's names of the states: its clients know no "unreachable". */
const jupyterStatus = z.enum(["starting", "idle", "busy", "restarting", "unknown", "dead"]);

/** The body of `POST /api/kernels`. */
export const createKernelSchema = kernelRequestSchema.openapi("CreateKernel");

/** The body of `PATCH /api/kernels/{id}`. */
export const updateKernelSchema = z.strictObject({
  inactivityTimeoutMs: millisecondsSchema,
  inactivityTimeout: z.int().openapi({ description: "An older name of `inactivityTimeoutMs`" }),
}).partial().transform(({ inactivityTimeout: older, inactivityTimeoutMs: newer }, context) => {
  if ((older === undefined) !== (newer === undefined)) {
    return { inactivityTimeoutMs: newer ?? older ?? 0 };
  }
  const message = "give this, or its older name inactivityTimeout, once";
  context.addIssue({ code: "custom", path: ["inactivityTimeoutMs"], message });
  return z.NEVER;
}).openapi("UpdateKernel");

/** A kernel in the union of the shapes that the families' clients read. */
export const kernelSchema = z.object({
  id: z.string(),
  name: z.string().openapi({ description: "The kind of the kernel" }),
  namespace: z.string().nullable(),
  language: z.string(),
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
  permissions: z.union([permissionsSchema, z.enum(["inherit", "remote"])]),
  inactivityTimeoutMs: millisecondsSchema,
  maxExecutionTimeMs: millisecondsSchema,
  inactivityTimeout: z.int().openapi({ description: "An older name of inactivityTimeoutMs" }),
  maxExecutionTime: z.int().openapi({ description: "An older name of maxExecutionTimeMs" }),
  limits: shownLimitsSchema,
  remote: z.object({
    server: z.string(),
    kernelName: z.string(),
    path: z.string().nullable(),
  }).nullable().openapi({ description: "The other server on which the kernel runs" }),
  last_activity: z.iso.datetime().openapi({ description: "Jupyter's name of lastActivity" }),
  execution_state: jupyterStatus.openapi({ description: "Jupyter's name of status" }),
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
    execution_state: description.status === "unreachable" ? "unknown" : description.status,
  };
}

/** The numbers of kernels, as CodeRunner's clients look for them. */
export const kernelCountsSchema = z.object({
  total_kernels: z.int(),
  available_kernels: z.int(),
  busy_kernels: z.int(),
});
