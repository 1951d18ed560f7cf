import { z } from "@hono/zod-openapi";
import type { Session } from "./sessions.ts";

/** A session as InstaVM's clients see it. Its machine has the same id. */
export const sessionRecordSchema = z.object({
  session_id: z.string(),
  vm_id: z.string(),
  language: z.string(),
  status: z.literal("active"),
  vm_status: z.literal("active"),
  created_at: z.iso.datetime(),
  last_used: z.iso.datetime(),
  vm_lifetime_seconds: z.number().openapi({
    description: "The seconds without work after which the session ends",
  }),
  memory_mb: z.number().nullable().openapi({ description: "As asked for; null: the server's" }),
  vcpu_count: z.literal(1),
  metadata: z.record(z.string(), z.unknown()),
});

/** Describes a session. */
export function sessionRecord(session: Session): z.infer<typeof sessionRecordSchema> {
  const { id, language, created, lastUsed, settings } = session;
  return {
    session_id: id,
    vm_id: id,
    language,
    status: "active",
    vm_status: "active",
    created_at: created,
    last_used: lastUsed,
    vm_lifetime_seconds: session.timeoutMs / 1000,
    memory_mb: settings.memoryMiB ?? null,
    vcpu_count: 1,
    metadata: settings.metadata ?? {},
  };
}
