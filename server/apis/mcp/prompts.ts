import { completable, type McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { AgentContext } from "./agents/context.ts";
import { completeSession } from "./resources/complete_session.ts";

/** Offers prompts: tasks that a person can start with a few words. */
export function registerPrompts(server: McpServer, context: AgentContext): void {
  const session = completable(
    z.string().describe("The session that has the file, or is to be used"),
    (value) => completeSession(context, value),
  ).optional();
  server.registerPrompt(
    "analyse_file",
    {
      title: "Analyse a file",
      description: "Loads a data file, describes it, and shows what stands out",
      argsSchema: z.object({
        path: z.string().describe("The path of the file in the session"),
        question: z.string().optional().describe("The question to answer"),
        session,
      }),
    },
    ({ path, question, session }) =>
      message(
        `Analyse the file ${path}${
          inSession(session)
        } with run_code. Look at its first rows and types ` +
          "before you draw conclusions, check for missing and implausible values, and show a table and " +
          "one or two plots that matter. Keep what you load in variables of the session. " +
          (question === undefined
            ? "End with what stands out, in a few sentences."
            : `Answer this question: ${question}`),
      ),
  );
  server.registerPrompt(
    "fix_run",
    {
      title: "Find out why a run failed",
      description: "Reads a failed run, finds the cause, and runs a corrected version",
      argsSchema: z.object({ run: z.string().describe("The id of the run"), session }),
    },
    ({ run, session }) =>
      message(
        `The run ${run} has failed${
          inSession(session)
        }. Read it with read_output, look at the variables ` +
          "that are left in its session, say what the cause is, and run a corrected version there.",
      ),
  );
}

function inSession(session: string | undefined): string {
  return session ? ` in the session ${session}` : "";
}

function message(text: string) {
  return { messages: [{ role: "user" as const, content: { type: "text" as const, text } }] };
}
