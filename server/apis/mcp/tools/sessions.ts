import { z } from "zod";
import type { KernelOptions } from "../../../../kernel/mod.ts";
import { ServiceError } from "../../../errors/service_error.ts";
import type { KernelDescription } from "../../../services/kernels/kernels.ts";
import { sessionName } from "../runs/session_argument.ts";
import { within } from "../runs/within.ts";
import { defineTool } from "../agents/tool.ts";

const input = z.strictObject({
  action: z.enum(["list", "create", "reset", "end"]).describe(
    "list: the sessions that you may use; create: a new one; reset: a fresh interpreter without the " +
      "variables; end: the session and what runs in it",
  ),
  session: sessionName.optional().describe(
    "The name. For create: your own name for it, which others who know it can use too; left out: a name " +
      "that nobody can guess. For reset and end, left out: the session of this connection",
  ),
  kind: z.string().max(200).optional().describe(
    "For create: a kind of kernel that the server offers",
  ),
  packages: z.array(z.string().min(1).max(1_000)).max(100).optional().describe(
    "For create: packages that are installed from the start",
  ),
  limits: z.strictObject({
    memoryMiB: z.number(),
    filesMiB: z.number(),
    executionSeconds: z.number(),
    cpuSeconds: z.number(),
    outputBytes: z.number(),
  }).partial().optional().describe("For create: what the session may use at most"),
  mounts: z.array(z.strictObject({
    root: z.string().describe("A directory of the server that its settings allow"),
    mountPoint: z.string().describe("The directory in the session"),
    access: z.enum(["ro", "rw"]).optional(),
  })).max(20).optional().describe("For create: directories of the server that the session sees"),
});

const sessionSchema = z.object({
  session: z.string(),
  status: z.enum(["starting", "idle", "busy", "restarting", "dead"]),
  kind: z.string(),
  runs: z.int().describe("The number of runs so far"),
  memory_bytes: z.int().nullable(),
  last_activity: z.string(),
});
const output = z.object({ sessions: z.array(sessionSchema), message: z.string() });

/** The most sessions that one answer lists. */
const MAX_LISTED = 200;

/** Lists, starts, resets and ends sessions. */
export const sessions = defineTool({
  name: "sessions",
  title: "Sessions",
  description:
    "Lists sessions, creates one with packages, limits or mounts of its own, gives one a fresh " +
    "interpreter, or ends one. run_code starts sessions by itself, so that create is only for those with " +
    "options.",
  input,
  output,
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  async run({ action, session: name, kind, ...options }, call) {
    const { agent, sessions } = call;
    if (action === "list") {
      const listed = await sessions.list(agent);
      const shown = listed.slice(0, MAX_LISTED);
      const lines = shown.map((it) => `${it.name}: ${it.status}, ${it.executionCount} runs`);
      return answer(shown, lines.join("\n") || "There are no sessions");
    }
    if (action === "create") {
      const kernelOptions = optionsOf(options);
      const { name: made, kernel } = await within(
        sessions.start(agent, { name, kind, options: kernelOptions }),
        call,
        "The session is still starting; list shows it when it is there",
      );
      const description = call.services.kernels.describe(kernel);
      return answer([{ ...description, name: made }], `Session ${made} has started`);
    }
    if (Object.values(options).some((it) => it !== undefined) || kind !== undefined) {
      throw new ServiceError("invalid_argument", `options are for create, not for ${action}`);
    }
    const session = await sessions.get(agent, name);
    if (action === "end") {
      await sessions.end(agent, session);
      return answer([], `Session ${session.name} has ended`);
    }
    await within(sessions.reset(session), call, `Session ${session.name} is still starting again`);
    const description = call.services.kernels.describe(session.kernel);
    return answer(
      [{ ...description, name: session.name }],
      `Session ${session.name} has a fresh interpreter`,
    );
  },
});

/** Returns the options that are given, as the library takes them. */
function optionsOf(options: Record<string, unknown>): KernelOptions {
  // The schema has checked the shape; the library decides what is allowed.
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as KernelOptions;
}

function answer(listed: readonly (KernelDescription & { name: string })[], message: string) {
  return {
    content: [{ type: "text" as const, text: message }],
    structuredContent: {
      sessions: listed.map((it) => ({
        session: it.name,
        status: it.status,
        kind: it.kind,
        runs: it.executionCount,
        memory_bytes: it.memoryBytes,
        last_activity: it.lastActivity,
      })),
      message,
    },
  };
}
