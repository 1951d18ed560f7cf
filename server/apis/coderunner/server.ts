import { createRoute, z } from "@hono/zod-openapi";
import { jsonAnswer } from "../../http/openapi.ts";
import { countKernels } from "../../services/kernels/counts.ts";
import type { KernelKinds } from "../../services/kernels/kinds.ts";
import type { Services } from "../../services/mod.ts";
import { kernelCountsSchema } from "../native/schemas/kernel.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { DEFAULT_LANGUAGE, offeredLanguages } from "./languages.ts";
import type { CodeRunnerSessions } from "./sessions.ts";

const tags = ["CodeRunner"];

const languages = createRoute({
  method: "get",
  path: "/languages",
  tags,
  summary: "List the languages of commands",
  responses: {
    200: jsonAnswer(
      z.object({
        languages: z.record(
          z.string(),
          z.object({ aliases: z.array(z.string()), magic: z.string().nullable() }),
        ),
        default: z.string(),
      }),
      "The languages",
    ),
  },
});

const healthSchema = z.object({
  status: z.enum(["healthy", "unhealthy"]),
  version: z.string(),
  services: z.object({
    session_manager: z.object({ active_sessions: z.int() }),
    kernel_pool: kernelCountsSchema,
  }),
});
const health = createRoute({
  method: "get",
  path: "/health",
  tags,
  summary: "Show that the server takes commands",
  responses: {
    200: jsonAnswer(healthSchema, "The server takes commands"),
    503: jsonAnswer(healthSchema, "The server is shutting down"),
  },
});

/** The route that lists languages. */
export function languageRoutes(kinds: KernelKinds) {
  return createRestRouter().openapi(languages, (c) => {
    return c.json({ languages: offeredLanguages(kinds), default: DEFAULT_LANGUAGE }, 200);
  });
}

/** The route that shows the server's health; the one at the root is the native API's. */
export function healthRoutes({ kernels, isReady }: Services, sessions: CodeRunnerSessions) {
  return createRestRouter().openapi(health, async (c) => {
    const all = await kernels.list();
    const ready = isReady();
    const answer = {
      status: ready ? "healthy" as const : "unhealthy" as const,
      version: "1.0.0",
      services: {
        session_manager: { active_sessions: (await sessions.list()).length },
        kernel_pool: countKernels(all),
      },
    };
    return c.json(answer, ready ? 200 : 503);
  });
}
