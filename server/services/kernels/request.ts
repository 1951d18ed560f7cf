/**
 * The request for a new kernel, as clients of the native API and the server's configuration write it.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { KernelMode, type KernelOptions } from "../../../kernel/mod.ts";

/** A grant of one kind of permission: everything, nothing, or a list. */
const grant = z.union([z.boolean(), z.array(z.string())]);

/** The permissions of a kernel, each spelled out. */
export const permissionsSchema = z.object({
  read: grant,
  write: grant,
  net: grant,
  env: grant,
  run: grant,
  ffi: grant,
  sys: grant,
  import: grant,
});

/** A delay that a kernel keeps. */
export const millisecondsSchema = z.int().openapi({ description: "In milliseconds; 0: never" });

/**
 * Checks the shape of a request only: the library decides what is allowed, and names the option that is
 * wrong. Unknown keys are ignored, because Jupyter's clients send some of their own.
 */
export const kernelRequestSchema = z.object({
  id: z.string().openapi({ description: "Unique on the server; by default a random UUID" }),
  name: z.string().openapi({ description: "The kind of the kernel: see GET /api/kernelspecs" }),
  namespace: z.string().openapi({
    description: "Groups kernels: the full id becomes `namespace:id`",
  }),
  language: z.string().openapi({ description: "The language that the kernel runs" }),
  mode: z.enum(KernelMode).openapi({ description: "The place where the kernel runs" }),
  server: z.string().openapi({
    description: "The other Jupyter server on which the kernel runs, by its name in the settings",
  }),
  kernelName: z.string().openapi({
    description: "The name of the kernelspec there; by default that server's own default",
  }),
  path: z.string().openapi({
    description: "The directory there, below that server's root, in which the kernel starts",
  }),
  remoteKernelId: z.string().openapi({
    description: "A kernel that runs there already: see GET /api/servers/{name}/kernels",
  }),
  keepRemote: z.boolean().openapi({
    description:
      "True if the kernel is left running there when this one ends; by default only one " +
      "that ran there already is",
  }),
  mounts: z.array(z.object({
    root: z.string(),
    mountPoint: z.string(),
    access: z.enum(["ro", "rw"]).optional(),
  })).openapi({ description: "Directories of the server that Python sees as its own" }),
  filesystem: z.object({
    enabled: z.boolean(),
    root: z.string().optional(),
    mountPoint: z.string().optional(),
  }).openapi({ description: "One mount, in the form of earlier servers" }),
  permissions: permissionsSchema.partial().openapi({
    description: "The permissions of the kernel besides those of its mounts; by default none",
  }),
  deno: z.object({ permissions: permissionsSchema.partial().optional() }).openapi({
    description: "Another place for `permissions`",
  }),
  env: z.record(z.string(), z.string()).openapi({ description: "Environment variables" }),
  cwd: z.string().openapi({ description: "The working directory, absolute" }),
  inactivityTimeoutMs: millisecondsSchema.openapi({
    description: "The milliseconds without work after which the kernel is shut down; 0: never",
  }),
  inactivityTimeout: z.int().openapi({ description: "An older name of `inactivityTimeoutMs`" }),
  maxExecutionTimeMs: millisecondsSchema.openapi({
    description: "The milliseconds after which a running execution is reported; 0: never",
  }),
  maxExecutionTime: z.int().openapi({ description: "An older name of `maxExecutionTimeMs`" }),
  autoRestart: z.boolean().openapi({
    description: "True if the kernel is started again when it dies, at most 5 times in a row; by " +
      "default only while Jupyter's clients follow it",
  }),
  // The library names what is wrong, and the ceilings.
  limits: z.record(z.string(), z.unknown()).openapi({
    description:
      "The most that the kernel may use: memoryMiB, filesMiB, outputBytes, executionSeconds, cpuSeconds " +
      "(0: any), queue, openFiles; memoryMb and filesMb are older names of the first two",
  }),
  packages: z.array(z.string()).openapi({
    description: "Packages that are installed from the start: names, perhaps with versions",
  }),
  tools: z.record(
    z.string(),
    z.strictObject({
      description: z.string(),
      inputSchema: z.record(z.string(), z.unknown()),
      timeoutMs: z.int(),
    }).partial(),
  ).openapi({
    description: "Functions that Python can call and the client answers: each call is an event " +
      "`tool_call`, answered by `POST /api/executions/{id}/tools`",
  }),
  allowEval: z.boolean().openapi({
    description: "True if strings may become JavaScript code, as pyodide.code.run_js needs",
  }),
  javascript: z.boolean().openapi({ description: "An older name of `allowEval`" }),
}).partial();

/** A request for a new kernel. */
export type KernelRequest = z.infer<typeof kernelRequestSchema>;

/** The newer names of options that have an older one. */
const NEWER_NAMES = {
  javascript: "allowEval",
  inactivityTimeout: "inactivityTimeoutMs",
  maxExecutionTime: "maxExecutionTimeMs",
} as const;

/**
 * Turns a request, without the name of its kind, into the library's options. Each option gets its newer
 * name, so that the options of a creator override those of a kind; an option that is given by both names
 * keeps both, and the library refuses it.
 */
export function kernelOptions(request: Omit<KernelRequest, "name" | "autoRestart">): KernelOptions {
  const { permissions, deno, path, ...others } = request;
  // Jupyter's clients send the path of a notebook along; only another server has a use for it. The mode of the
  // kind is for kernels that run here.
  const rest = others.server === undefined
    ? others
    : { mode: KernelMode.REMOTE, ...(path !== undefined && { path }), ...others };
  const scoped = permissions ?? deno?.permissions;
  const newer = (name: string) =>
    name in NEWER_NAMES ? NEWER_NAMES[name as keyof typeof NEWER_NAMES] : name;
  const options = Object.entries(rest).map(([name, value]) => [
    newer(name) in rest ? name : newer(name),
    value,
  ]);
  // zod's optional keys may be there but undefined; the library checks each value.
  return {
    ...Object.fromEntries(options),
    ...(scoped && { deno: { permissions: scoped } }),
  } as KernelOptions;
}
