import { z } from "@hono/zod-openapi";
import type { SessionSettings } from "./sessions.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The wishes of InstaVM's clients for a new session. */
export const sessionRequestSchema = z.object({
  api_key: z.string().nullish().openapi({ description: "The token, where no header has it" }),
  vm_lifetime_seconds: z.number().min(1, "use 1 second or more").max(86_400, "use a day at most")
    .nullish().openapi({
      description: "The seconds without work after which the session ends; by default a day",
    }),
  memory_mb: z.int("use a whole number").nullish().openapi({
    description: "The memory of each kernel; by default the server's",
  }),
  vcpu_count: z.int("use a whole number").min(1).nullish().openapi({
    description: "Has no effect: a kernel computes on one processor",
  }),
  env: z.record(
    z.string().regex(NAME, "use letters, digits and _ in a variable's name"),
    z.union([z.string(), z.number(), z.boolean()], { error: "use a text" }),
  ).nullish().openapi({ description: "Environment variables" }),
  metadata: z.record(z.string(), z.unknown()).nullish().openapi({
    description: "Notes, by which GET /v1/sessions/sandboxes finds the session",
  }),
});

/** Returns the settings that a client wishes for. */
export function settingsOf(
  { vm_lifetime_seconds, memory_mb, env, metadata }: z.infer<typeof sessionRequestSchema>,
): SessionSettings {
  return {
    ...(vm_lifetime_seconds != null && { timeoutMs: Math.ceil(vm_lifetime_seconds * 1000) }),
    ...(memory_mb != null && { memoryMiB: memory_mb }),
    env: Object.fromEntries(Object.entries(env ?? {}).map(([name, it]) => [name, String(it)])),
    metadata: metadata ?? {},
    sharesFiles: true,
  };
}
