import { createRoute, z } from "@hono/zod-openapi";
import { type KernelLimits, type KernelManager, KernelMode } from "../../../kernel/mod.ts";
import { kernelLimitsSchema } from "./schemas/kernel.ts";
import { createRouter, jsonAnswer } from "../../http/openapi.ts";

/** What clients are told of a server. */
export interface ServerFacts {
  kernels: KernelManager;
  modes: readonly KernelMode[];
  defaultMode: KernelMode;
  /** Whether it keeps notebooks. */
  notebooks: boolean;
  limits: {
    maxKernels: number;
    maxQueue: number;
    maxBodyBytes: number;
    maxUploadBytes: number;
    /** Of a kernel that does not say. */
    kernel: KernelLimits;
  };
  /** Whether it still takes work. */
  isReady: () => boolean;
}

const tags = ["Server"];

const about = createRoute({
  method: "get",
  path: "/api/server",
  tags,
  summary: "What this server offers",
  responses: {
    200: jsonAnswer(
      z.object({
        modes: z.array(z.enum(KernelMode)),
        defaultMode: z.enum(KernelMode),
        notebooks: z.boolean(),
        limits: z.object({
          maxKernels: z.int(),
          maxQueue: z.int(),
          kernel: kernelLimitsSchema,
          maxBodyBytes: z.int(),
          maxUploadBytes: z.int(),
        }),
        startedAt: z.iso.datetime(),
      }),
      "Its modes and limits",
    ),
  },
});

const health = createRoute({
  method: "get",
  path: "/health",
  tags,
  summary: "Whether the server runs; needs no token",
  responses: {
    200: jsonAnswer(
      z.object({
        status: z.literal("ok"),
        uptimeSeconds: z.number(),
        kernels: z.int(),
        isolation: z.array(
          z.object({ name: z.string(), applied: z.boolean(), detail: z.string() }),
        ).openapi({ description: "What keeps process kernels in, and what this system lacks" }),
      }),
      "It runs",
    ),
  },
});

const readiness = z.object({ ready: z.boolean() });
const ready = createRoute({
  method: "get",
  path: "/ready",
  tags,
  summary: "Whether the server takes work; needs no token",
  responses: {
    200: jsonAnswer(readiness, "It does"),
    503: jsonAnswer(readiness, "It is shutting down"),
  },
});

/** What the server says of itself. */
export function serverRoutes(facts: ServerFacts) {
  const started = new Date();
  return createRouter()
    .openapi(about, (c) => {
      const { modes, defaultMode, notebooks, limits } = facts;
      const startedAt = started.toISOString();
      return c.json({ modes: [...modes], defaultMode, notebooks, limits, startedAt }, 200);
    })
    .openapi(health, async (c) => {
      const uptimeSeconds = (Date.now() - started.getTime()) / 1000;
      const kernels = facts.kernels.listKernels().length;
      const isolation = await facts.kernels.isolation();
      return c.json({ status: "ok" as const, uptimeSeconds, kernels, isolation }, 200);
    })
    .openapi(ready, (c) => {
      const ready = facts.isReady();
      return c.json({ ready }, ready ? 200 : 503);
    });
}
