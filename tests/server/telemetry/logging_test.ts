import assert from "node:assert/strict";
import { getLogger, reset } from "@logtape/logtape";
import { configureLogging } from "../../../server/telemetry/logging.ts";
import { fakeManager } from "../../support/fake_host.ts";
import { createServer } from "../../support/server.ts";

/** Collects what is logged until it is disposed. */
async function collectLogs(
  format: "json" | "text",
  level: "debug" | "info" | "warning" = "info",
): Promise<AsyncDisposable & { lines: string[] }> {
  const lines: string[] = [];
  await configureLogging({ level, format, write: (line) => lines.push(line) });
  return { lines, [Symbol.asyncDispose]: () => reset() };
}

Deno.test("configureLogging() writes a JSON text a line with the ids of request and execution", async () => {
  await using logs = await collectLogs("json");
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const id = await server.createKernel();
  await server.request("POST", `/api/kernels/${id}/executions?token=secret`, {
    id: "logged",
    code: "code = 'not logged'",
  }, { "X-Request-Id": "request-1" });
  const records = logs.lines.map((line) => JSON.parse(line));
  const ended = records.find(({ message }) => message === "execution ended");
  assert.deepEqual(
    [ended.requestId, ended.executionId, ended.kernelId, ended.status],
    ["request-1", "logged", id, "ok"],
  );
  const request = records.find(({ requestId, message }) =>
    requestId === "request-1" && message === "request"
  );
  assert.deepEqual([request.method, request.status, request.level], ["POST", 200, "INFO"]);
  assert.doesNotMatch(logs.lines.join(""), /secret|not logged/);
});

Deno.test("configureLogging() logs what nobody expected with its stack, and tells clients nothing of it", async () => {
  await using logs = await collectLogs("json");
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  server.executions.list = () => {
    throw new Error("a secret detail");
  };
  const response = await server.request("GET", "/api/executions");
  assert.equal(response.status, 500);
  const body = await response.text();
  assert.equal(JSON.parse(body).code, "internal");
  assert.doesNotMatch(body, /secret/);
  assert.match(logs.lines.join(""), /request failed[^]*a secret detail/);
});

Deno.test("configureLogging() writes lines for people, and none below its level", async () => {
  await using logs = await collectLogs("text", "warning");
  getLogger(["server", "x"]).info("hidden");
  getLogger(["server", "x"]).warn("shown", { kernelId: "k" });
  assert.equal(logs.lines.length, 1);
  assert.match(logs.lines[0]!, /shown.*kernelId=k\n$/);
});

for (const format of ["text", "json"] as const) {
  Deno.test(`configureLogging() lets no path of a request write ${format} of its own into the log`, async () => {
    await using logs = await collectLogs(format);
    await using fake = fakeManager();
    await using server = createServer({
      manager: fake.manager,
      settings: { TOKEN: "0123456789abcdef" },
    });
    const controls = "\n\r\x1b[2J\x07\x7f\x9b31m\u2028\u2029\u202e\u2066\u200f";
    await server.request("GET", `/x${encodeURIComponent(controls)}forged`);
    getLogger("server").error("failed", { error: new Error(`a${controls}b\nforged line`) });
    const [request, failed] = logs.lines;
    assert.match(request!, /forged/);
    for (const line of [request!, failed!]) {
      // The colors of the level are the logger's own; nothing but they may be a control character.
      // deno-lint-ignore no-control-regex -- control characters are what is looked for
      const text = line.replace(/\x1b\[\d*m/g, "");
      // deno-lint-ignore no-control-regex -- control characters are what is looked for
      assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200f\u2028\u2029\u202e\u2066]/);
    }
    assert.equal(request!.indexOf("\n"), request!.length - 1);
    assert.doesNotMatch(failed!, /^forged/m);
  });
}
