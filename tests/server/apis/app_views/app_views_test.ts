import assert from "node:assert/strict";
import { lineWithoutCode } from "../../../../server/apis/app_views/without_code.ts";
import { temporaryDirectory } from "../../../support/mod.ts";
import { createServer, streamedEvents, type TestServer } from "../../../support/server.ts";

const TOKEN = "the-administrators-token";
const ADMINISTRATOR = { Authorization: `Bearer ${TOKEN}` };

const NOTEBOOK = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    { id: "text", cell_type: "markdown", source: "# Seen", metadata: {} },
    ...["print('shown')  # secret", "1 / 0  # secret", "print('never')"].map((source, index) => ({
      id: `code${index}`,
      cell_type: "code",
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    })),
  ],
});

/** Makes a link, and opens it as a browser does; returns a function that sends requests by it. */
async function openLink(server: TestServer, settings: object) {
  const made = await server.request("POST", "/api/apps", settings, ADMINISTRATOR);
  assert.equal(made.status, 201);
  const { id, link } = await made.json();
  const opened = await server.request("GET", link);
  assert.equal(opened.status, 303);
  const cookie = opened.headers.get("Set-Cookie")!;
  assert.match(cookie, new RegExp(`Path=/apps/${id}; HttpOnly; SameSite=Strict`));
  const headers = { Cookie: cookie.split(";")[0]! };
  return {
    id: id as string,
    send: (method: string, path: string, body?: unknown) =>
      server.request(method, `/apps/${id}${path}`, body, headers),
  };
}

Deno.test("a link shows what a notebook's cells show in a kernel of the viewer's, and no code", async () => {
  await using directory = await temporaryDirectory({ "n.ipynb": NOTEBOOK });
  await using server = createServer({
    settings: { TOKEN, NOTEBOOK_DIR: directory.path, ALLOWED_KERNEL_MODES: "worker" },
  });
  const missing = await server.request("POST", "/api/apps", { path: "no.ipynb" }, ADMINISTRATOR);
  assert.equal(missing.status, 404);
  for (
    const [settings, message] of [
      [{ memoryMiB: 99_999_999 }, /memoryMiB.*from 64 to 4096/],
      [{ expiresAt: "2020-01-31T12:00:00Z" }, /expiresAt: this time has passed/],
    ] as const
  ) {
    const body = { path: "n.ipynb", ...settings };
    const refused = await server.request("POST", "/api/apps", body, ADMINISTRATOR);
    assert.equal(refused.status, 400);
    assert.match((await refused.json()).message, message);
  }
  const { id, send } = await openLink(server, { path: "n.ipynb", viewers: 1, memoryMiB: 256 });
  const opened = await send("POST", "/views");
  assert.equal(opened.status, 201);
  const text = await opened.text();
  assert.doesNotMatch(text, /secret/);
  const view = JSON.parse(text);
  assert.deepEqual(view.cells[0], { id: "text", type: "markdown", source: "# Seen" });
  assert.equal((await send("POST", "/views")).status, 429);

  const steps = await send("GET", `/views/${view.id}/events`);
  const runs: string[] = [];
  for await (const step of streamedEvents(steps)) {
    if (step.type === "end") break;
    runs.push(step["executionId"] as string);
  }
  assert.equal(runs.length, 2, "the cell after the failed one does not run");
  const shown = await Promise.all(
    runs.map(async (run) => await (await send("GET", `/api/executions/${run}/events`)).text()),
  );
  assert.match(shown[0]!, /shown\\n/);
  assert.match(shown[1]!, /ZeroDivisionError/);
  assert.doesNotMatch(shown.join(), /secret/);
  const kernel = await (await send("GET", `/api/kernels/${view.kernelId}`)).json();
  assert.equal(kernel.limits.memoryMiB, 256);

  // The link is for nothing else: not for other kernels and executions, nor for code.
  const other = await (await server.request("POST", "/api/kernels", {}, ADMINISTRATOR)).json();
  for (
    const [method, path] of [
      ["GET", `/api/kernels/${other.id}`],
      ["POST", `/api/kernels/${other.id}/comms`],
      ["GET", "/api/executions/none/events"],
      ["GET", `/views/${crypto.randomUUID()}/events`],
      ["POST", `/api/kernels/${view.kernelId}/executions`],
      ["GET", `/api/executions/${runs[0]}`],
      ["GET", "/api/kernels"],
    ] as const
  ) {
    const { status } = await send(method, path, method === "POST" ? { code: "1" } : undefined);
    assert([403, 404].includes(status), `${method} ${path}: ${status}`);
  }
  const wrong = await server.request("POST", `/apps/${id}/views`, undefined, {
    Cookie: `app-${id}=wrong`,
  });
  assert.equal(wrong.status, 403);

  assert.equal((await send("DELETE", `/views/${view.id}`)).status, 204);
  assert.equal((await send("GET", `/api/kernels/${view.kernelId}`)).status, 404);
  assert.deepEqual((await server.services.kernels.list()).map(({ id }) => id), [other.id]);
  const again = await (await send("POST", "/views")).json();
  const withdrawn = await server.request("DELETE", `/api/apps/${id}`, undefined, ADMINISTRATOR);
  assert.equal(withdrawn.status, 204);
  assert.equal(await server.services.kernels.find(again.kernelId), undefined);
  assert.equal((await send("POST", "/views")).status, 403);
});

Deno.test("lineWithoutCode() leaves out code and tracebacks, in lines and in server-sent events", () => {
  assert.equal(
    lineWithoutCode('data: {"type":"execute_input","code":"x = 1","executionCount":1}'),
    'data: {"type":"execute_input","code":"","executionCount":1}',
  );
  assert.equal(
    lineWithoutCode('{"type":"execute_error","ename":"E","traceback":["x = 1"]}'),
    '{"type":"execute_error","ename":"E","traceback":[]}',
  );
  assert.equal(lineWithoutCode(": keepalive"), ": keepalive");
  assert.equal(
    lineWithoutCode('{"type":"stream","text":"code"}'),
    '{"type":"stream","text":"code"}',
  );
});
