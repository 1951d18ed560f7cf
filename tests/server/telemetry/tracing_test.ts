import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../../server/main.ts", import.meta.url));

interface Span {
  name: string;
  attributes: { key: string; value: { stringValue?: string } }[];
}

/** The spans of what an OpenTelemetry exporter sends as JSON. */
function spansOf(
  body: { resourceSpans?: { scopeSpans: { spans: Span[] }[] }[] },
): Span[] {
  return (body.resourceSpans ?? []).flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans)
  );
}

Deno.test("traceExecutions() reports each execution, and Deno each request, to a collector", async () => {
  const spans: Span[] = [];
  const found = Promise.withResolvers<void>();
  await using collector = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (it) => {
      if (new URL(it.url).pathname === "/v1/traces") spans.push(...spansOf(await it.json()));
      else await it.body?.cancel();
      if (["execution", "POST"].every((name) => spans.some((span) => span.name === name))) {
        found.resolve();
      }
      return new Response("{}", { headers: { "Content-Type": "application/json" } });
    },
  );
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "--cached-only", MAIN, "--port=0"],
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
      OTEL_BSP_SCHEDULE_DELAY: "100",
    },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let printed = "";
  try {
    while (!printed.includes("Notebook: ") || !printed.endsWith("\n")) {
      const { value, done } = await reader.read();
      assert(!done, `The server ended after it printed: ${printed}`);
      printed += value;
    }
    const url = /http:\S+\d/.exec(printed)![0];
    const { id } = await (await fetch(`${url}/api/kernels`, { method: "POST" })).json();
    const answer = await fetch(`${url}/api/kernels/${id}/executions`, {
      method: "POST",
      body: JSON.stringify({ id: "traced", code: "1 / 0" }),
    });
    assert.equal((await answer.json()).status, "error");
    const late = setTimeout(() => found.reject(new Error("no spans within 2 min")), 120_000);
    await found.promise.finally(() => clearTimeout(late));
    const span = spans.find(({ name }) => name === "execution")!;
    const attributes = Object.fromEntries(
      span.attributes.map(({ key, value }) => [key, value.stringValue]),
    );
    assert.deepEqual(
      [attributes["execution.id"], attributes["kernel.id"], attributes["execution.status"]],
      ["traced", id, "error"],
    );
  } finally {
    server.kill("SIGKILL");
    await reader.cancel();
    await server.status;
  }
});
