/** Returns a stream of events, one a line, without the code that they came from. */
export function withoutCode(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array> {
  let rest = "";
  const lines = new TransformStream<string, string>({
    transform(text, controller) {
      const parts = (rest + text).split("\n");
      rest = parts.pop()!;
      for (const line of parts) controller.enqueue(`${lineWithoutCode(line)}\n`);
    },
    flush(controller) {
      if (rest !== "") controller.enqueue(lineWithoutCode(rest));
    },
  });
  return body.pipeThrough(new TextDecoderStream()).pipeThrough(lines)
    .pipeThrough(new TextEncoderStream());
}

/** Returns a line of events without code: JSON alone, or after the name of a field of server-sent events. */
export function lineWithoutCode(line: string): string {
  const start = line.startsWith("data: ") ? "data: ".length : 0;
  if (line[start] !== "{") return line;
  const event = JSON.parse(line.slice(start)) as Record<string, unknown>;
  switch (event["type"]) {
    case "execute_input":
      event["code"] = "";
      break;
    case "execute_error":
      event["traceback"] = [];
      break;
    case "done":
      event["execution"] = {
        ...event["execution"] as object,
        code: "",
        payload: [],
        error: withoutTraceback((event["execution"] as { error?: unknown }).error),
      };
      break;
    default:
      return line;
  }
  return line.slice(0, start) + JSON.stringify(event);
}

function withoutTraceback(error: unknown): unknown {
  return typeof error === "object" && error !== null ? { ...error, traceback: [] } : error;
}
