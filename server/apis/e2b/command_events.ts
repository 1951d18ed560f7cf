import { Buffer } from "node:buffer";
import type { FollowedEvent, FollowedLine } from "../../services/executions/event_log.ts";

/** The MIME type of the display by which Python tells a command's exit code. */
const EXIT = "application/vnd.deno-kernel.exit+json";
/** The exit code of a command that was ended. */
const KILLED = 137;

/** Returns the code by which Python runs a command. */
export function commandCode(
  request: { command: string; cwd: string; env: Record<string, string> },
) {
  const json = JSON.stringify(JSON.stringify(request));
  return `__import__("deno_kernel.e2b.commands", fromlist=["run"]).run(${json})`;
}

/** Turns the events of an execution that runs a command into those of E2B's processes. */
export async function* commandEvents(
  pid: number,
  lines: AsyncIterable<FollowedLine>,
): AsyncGenerator<unknown> {
  yield { event: { start: { pid } } };
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
    ? { event: { end: { exitCode: KILLED, exited: false, status: failure, error: failure } } }
    : { event: { end: { exitCode, exited: true, status: `exit status ${exitCode}` } } };
}

function exitCodeOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || !("exitCode" in value)) return undefined;
  return typeof value.exitCode === "number" ? value.exitCode : undefined;
}
