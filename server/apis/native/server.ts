import { createRoute, z } from "@hono/zod-openapi";
import { KernelMode } from "../../../kernel/mod.ts";
import { createRouter, jsonAnswer } from "../../http/openapi.ts";
import { countKernels } from "../../services/kernels/counts.ts";
import type { Services } from "../../services/mod.ts";
import { kernelCountsSchema, kernelLimitsSchema } from "./schemas/kernel.ts";

const tags = ["Server"];

const about = createRoute({
  method: "get",
  path: "/api/server",
  tags,
  summary: "Show the server's modes and limits",
  responses: {
    200: jsonAnswer(
      z.object({
        modes: z.array(z.enum(KernelMode)).openapi({
          description: "The modes that kernels may have",
        }),
        defaultMode: z.enum(KernelMode),
        notebooks: z.boolean().openapi({ description: "True if the server keeps notebooks" }),
        limits: z.object({
          maxKernels: z.int(),
          maxQueue: z.int(),
          kernel: kernelLimitsSchema.openapi({
            description: "The limits of a kernel whose creator sets none",
          }),
          maxBodyBytes: z.int(),
          maxUploadBytes: z.int(),
        }),
        mountRoots: z.array(z.string()).openapi({
          description: "The directories that kernels may mount, with those below them",
        }),
        startedAt: z.iso.datetime(),
      }),
      "The server's modes and limits",
    ),
  },
});

const languages = createRoute({
  method: "get",
  path: "/api/languages",
  tags,
  summary: "List the languages that kernels can have, the default one first",
  responses: {
    200: jsonAnswer(
      z.object({
        languages: z.array(z.object({
          language: z.string().openapi({ description: "The name, as kernels are asked for" }),
          displayName: z.string(),
          modes: z.array(z.enum(KernelMode)).openapi({
            description: "The modes that kernels of the language may have here",
          }),
        })),
      }),
      "The languages",
    ),
  },
});

const health = createRoute({
  method: "get",
  path: "/health",
  tags,
  summary: "Show that the server runs; needs no token",
  responses: {
    200: jsonAnswer(
      z.object({
        status: z.literal("ok"),
        uptimeSeconds: z.number(),
        kernels: z.int().openapi({ description: "The number of kernels" }),
        isolation: z.array(
          z.object({ name: z.string(), applied: z.boolean(), detail: z.string() }),
        ).openapi({
          description: "The measures that isolate process kernels, and those this system lacks",
        }),
        version: z.string().openapi({ description: "The version of CodeRunner's API" }),
        services: z.object({
          session_manager: z.object({ active_sessions: z.int() }),
          kernel_pool: kernelCountsSchema,
        }).openapi({ description: "The kernels, as CodeRunner's clients look for them" }),
      }),
      "The server runs",
    ),
  },
});

const readiness = z.object({ ready: z.boolean() });
const ready = createRoute({
  method: "get",
  path: "/ready",
  tags,
  summary: "Show whether the server takes work; needs no token",
  responses: {
    200: jsonAnswer(readiness, "The server takes work"),
    503: jsonAnswer(readiness, "The server is shutting down and takes no work"),
  },
});

/** The routes by which the server describes itself. */
export function serverRoutes({ kernels, notebooks, facts, isReady }: Services) {
  return createRouter()
    .openapi(about, (c) => {
      const { modes, defaultMode, limits, mountRoots, startedAt } = facts;
      const answer = {
        modes: [...modes],
        defaultMode,
        notebooks: notebooks !== undefined,
        limits,
        mountRoots: [...mountRoots],
        startedAt: startedAt.toISOString(),
      };
      return c.json(answer, 200);
    })
    .openapi(languages, (c) => {
      const offered = facts.languages.map(({ language, displayName, modes }) => ({
        ...{ language, displayName },
        modes: facts.modes.filter((mode) => modes.includes(mode)),
      }));
      return c.json({ languages: offered.filter(({ modes }) => modes.length > 0) }, 200);
    })
    .openapi(health, async (c) => {
      const uptimeSeconds = (Date.now() - facts.startedAt.getTime()) / 1000;
      const all = await kernels.list();
      const isolation = await kernels.isolation();
      const services = {
        session_manager: { active_sessions: all.length },
        kernel_pool: countKernels(all),
      };
      const answer = { uptimeSeconds, kernels: all.length, isolation, version: "1.0.0", services };
      return c.json({ status: "ok" as const, ...answer }, 200);
    })
    .openapi(ready, (c) => {
      const ready = isReady();
      return c.json({ ready }, ready ? 200 : 503);
    });
}
