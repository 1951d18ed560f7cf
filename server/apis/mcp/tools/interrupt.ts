import { z } from "zod";
import { ServiceError } from "../../../errors/service_error.ts";
import { findRun } from "../agents/find_run.ts";
import { knownSession } from "../runs/session_argument.ts";
import { defineTool } from "../agents/tool.ts";

const input = z.strictObject({
  run: z.string().min(1).max(200).optional().describe(
    "The run to stop or to take out of the queue. Left out: whatever runs in the session",
  ),
  session: knownSession,
});

const output = z.object({
  interrupted: z.enum(["interrupted", "dequeued", "nothing"]).describe(
    "interrupted: KeyboardInterrupt was raised; dequeued: the run will not begin; nothing: nothing ran",
  ),
});

/** Raises KeyboardInterrupt in what runs. */
export const interrupt = defineTool({
  name: "interrupt",
  title: "Interrupt",
  description:
    "Stops a run, or whatever runs in a session, by raising KeyboardInterrupt in it; the " +
    "variables stay.",
  input,
  output,
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
  async run({ run, session: name }, call) {
    const { executions } = call.services;
    if (run !== undefined) {
      await findRun(call, run);
      return answer(await executions.cancel(run));
    }
    const { kernel } = await call.sessions.get(call.agent, name);
    const isBusy = () => kernel.info.status === "busy";
    if (!isBusy()) return answer("nothing");
    if (await kernel.interrupt()) return answer("interrupted");
    if (!isBusy()) return answer("nothing");
    throw new ServiceError(
      "interrupt_failed",
      "Cannot interrupt: the session computes outside of Python; sessions(action=reset) ends that",
    );
  },
});

function answer(interrupted: z.infer<typeof output>["interrupted"]) {
  const texts = {
    interrupted: "KeyboardInterrupt was raised; read_output shows how the run ended",
    dequeued: "The run was taken out of the queue and will not begin",
    nothing: "Nothing runs in the session",
  };
  return {
    content: [{ type: "text" as const, text: texts[interrupted] }],
    structuredContent: { interrupted },
  };
}
