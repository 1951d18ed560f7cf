import { Buffer } from "node:buffer";
import type { FollowedEvent, FollowedLine } from "../../services/executions/event_log.ts";

/** The MIME type of the display by which Python tells a command's exit code. */
const EXIT = "application/vnd.deno-kernel.exit+json";
/** The exit code of a command that was ended. */
const KILLED = 137;

/** Returns the code by which Python runs a command. */
export function commandCode(
  { input, ...request }: {
    command: string;
    cwd: string;
    env: Record<string, string>;
    input: Uint8Array;
  },
) {
  const stdin = Buffer.from(input).toString("base64");
  const json = JSON.stringify(JSON.stringify({ ...request, stdin }));
  return `__import__("deno_kernel.e2b.commands", fromlist=["run"]).run(${json})`;
}

/** Turns the events of an execution that runs a command into those of E2B's processes, after their start. */
export async function* commandEvents(
  lines: AsyncIterable<FollowedLine>,
): AsyncGenerator<unknown> {
  let exitCode: number | undefined;
  let failure: string | undefined;
  for await (const { json } of lines) {
    const event = JSON.parse(json) as FollowedEvent;
    switch (event.type) {
      case "keepalive":
        yield { event: { keepalive: {} } };
        break;
      case "stream":
        yield { event: { data: { [event.name]: Buffer.from(event.text).toString("base64") } } };
        break;
      case "display_data":
        exitCode = exitCodeOf(event.data[EXIT]) ?? exitCode;
        break;
      case "execute_error":
        failure = event.ename === "KeyboardInterrupt"
          ? "signal: killed"
          : `${event.ename}: ${event.evalue}`;
        break;
      case "done":
        if (exitCode === undefined) {
          failure ??= event.execution.error?.evalue ??
            `the kernel ended (${event.execution.status})`;
        }
    }
  }
  yield exitCode === undefined
    ? killedEvent(failure)
    : { event: { end: { exitCode, exited: true, status: `exit status ${exitCode}` } } };
}

/** Returns the last event of a command that did not come to its end. */
export function killedEvent(reason: string | undefined) {
  return { event: { end: { exitCode: KILLED, exited: false, status: reason, error: reason } } };
}

function exitCodeOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || !("exitCode" in value)) return undefined;
  return typeof value.exitCode === "number" ? value.exitCode : undefined;
}
