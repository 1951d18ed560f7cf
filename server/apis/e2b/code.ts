import { Hono } from "hono";
import { z } from "zod";
import { HttpError } from "../../errors/http_error.ts";
import type { ServerEnv } from "../../http/env.ts";
import { streamResponse } from "../../http/streaming.ts";
import type { Executions } from "../../services/executions/executions.ts";
import type { LiveExecution } from "../../services/executions/live_execution.ts";
import type { Services } from "../../services/mod.ts";
import type { CodeContext } from "../../services/sandboxes/sandbox.ts";
import { readJson } from "./body.ts";
import { enter } from "./door.ts";
import { environmentCode, environmentSchema } from "./environment.ts";
import { answerFailures, textError } from "./errors.ts";
import { executionLines } from "./execution_lines.ts";

const language = z.string().min(1).max(100).nullish();
const executeSchema = z.object({
  code: z.string("name the code to run, as a string"),
  context_id: z.string().max(200).nullish(),
  language,
  env_vars: environmentSchema.nullish(),
});
const contextSchema = z.object({ language, cwd: z.string().max(4_095).nullish() });

/** The routes of the code interpreter of each sandbox: contexts, and code that runs in them. */
export function codeRoutes(
  { kernels, executions, sandboxes, facts }: Services,
): Hono<ServerEnv> {
  const { maxBodyBytes } = facts.limits;
  const router = new Hono<ServerEnv>();
  answerFailures(router, textError);

  router.post("/execute", async (c) => {
    const sandbox = enter(c, sandboxes, "code");
    const body = await readJson(executeSchema, c.req.raw, maxBodyBytes);
    if (body.context_id && body.language) {
      throw new HttpError(
        400,
        "invalid_argument",
        "Only one of context_id or language can be provided",
      );
    }
    const context = body.context_id
      ? sandbox.context(body.context_id)
      : await sandbox.defaultContext(body.language ?? undefined);
    const live = await submit(executions, context, body.code, body.env_vars ?? {});
    return streamResponse((signal) => executionLines(live.follow({ signal })), {
      format: "ndjson",
    });
  });

  router.get("/contexts", (c) => {
    return c.json(enter(c, sandboxes, "code").contexts.map(shown));
  });
  router.post("/contexts", async (c) => {
    const sandbox = enter(c, sandboxes, "code");
    const { language, cwd } = await readJson(contextSchema, c.req.raw, maxBodyBytes);
    const context = await sandbox.createContext({
      ...(language && { language }),
      ...(cwd && { cwd }),
    }, { signal: c.req.raw.signal });
    return c.json(shown(context));
  });
  router.post("/contexts/:id/restart", async (c) => {
    const { kernelId } = enter(c, sandboxes, "code").context(c.req.param("id"));
    await kernels.restart(kernelId);
    return c.body(null, 200);
  });
  router.delete("/contexts/:id", async (c) => {
    await enter(c, sandboxes, "code").removeContext(c.req.param("id"));
    return c.body(null, 204);
  });
  return router;
}

function shown({ id, language, cwd }: CodeContext) {
  return { id, language, cwd };
}

/** Puts code into a context's queue, between what sets its environment variables and what brings back the old. */
async function submit(
  executions: Executions,
  { kernelId, language }: CodeContext,
  code: string,
  env: Record<string, string>,
): Promise<LiveExecution> {
  const run = () => executions.submit(kernelId, { code, origin: "e2b", onDisconnect: "interrupt" });
  if (Object.keys(env).length === 0) return await run();
  const { before, after } = environmentCode(language, env);
  const silently = (code: string) =>
    executions.submit(kernelId, { code, origin: "e2b", silent: true, storeHistory: false });
  // Asked for in one go, so that no other code comes between.
  const all = await Promise.allSettled([silently(before), run(), silently(after)]);
  const refused = all.find((it) => it.status === "rejected");
  if (!refused) return (all[1] as PromiseFulfilledResult<LiveExecution>).value;
  for (const it of all.slice(0, 2)) {
    if (it.status === "fulfilled") void it.value.cancel().catch(() => {});
  }
  throw refused.reason;
}
