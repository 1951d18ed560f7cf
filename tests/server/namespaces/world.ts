import assert from "node:assert/strict";
import { modernHeaders, modernMessage } from "../../support/raw_agent.ts";
import type { TestServer } from "../../support/server.ts";

/** The word that is in everything that a namespace of a world has, and in no request for it. */
export const CONTENT = "zanzibar";

/** The names and ids of one thing of each kind, as a client writes them in a request. */
export interface World {
  kernel: string;
  execution: string;
  /** An execution that waits for input. */
  asking: string;
  notebook: string;
  version: string;
  checkpoint: string;
  session: string;
  room: string;
  section: string;
  mcpConnection: string;
  mcpSession: string;
  mcpRun: string;
  crSession: string;
  task: string;
  colabKernel: string;
  colabExecution: string;
  cells: string;
  sandbox: string;
  context: string;
  accessToken: string;
  trafficToken: string;
}

/** The names of things that nobody has, of the same forms. */
export const NOWHERE: World = {
  kernel: "alice:nothing-q7",
  execution: "job-q7-1",
  asking: "job-q7-2",
  notebook: "plan-q7.ipynb",
  version: "2020-01-01T00-00-00-000Z",
  checkpoint: "checkpoint",
  session: "00000000-0000-4000-8000-000000000001",
  room: "json:notebook:00000000-0000-4000-8000-000000000002",
  section: "notes-q7",
  mcpConnection: "00000000-0000-4000-8000-000000000003",
  mcpSession: "research-q7",
  mcpRun: "00000000-0000-4000-8000-000000000004",
  crSession: "00000000-0000-4000-8000-000000000005",
  task: "00000000-0000-4000-8000-000000000006",
  colabKernel: "alice:00000000-0000-4000-8000-000000000007",
  colabExecution: "00000000-0000-4000-8000-000000000008",
  cells: "100000001",
  sandbox: "i00000000000000000000",
  context: "00000000-0000-4000-8000-000000000009",
  accessToken: "0".repeat(48),
  trafficToken: "1".repeat(48),
};

/** Sends requests with a token. */
export function clientOf(server: TestServer, token: string | undefined) {
  const authorization: Record<string, string> = token === undefined
    ? {}
    : { Authorization: `Bearer ${token}` };
  return {
    async send(method: string, path: string, body?: unknown, headers: HeadersInit = {}) {
      return await server.request(method, path, body, { ...authorization, ...headers });
    },
    // deno-lint-ignore no-explicit-any -- answers are looked at field by field
    async json(status: number, method: string, path: string, body?: unknown): Promise<any> {
      const response = await server.request(method, path, body, authorization);
      const text = await response.text();
      assert.equal(response.status, status, `${method} ${path}: ${text}`);
      return JSON.parse(text || "null");
    },
  };
}

/** A client of a server with a token. */
export type TokenClient = ReturnType<typeof clientOf>;

/** Calls a tool of MCP, and returns the answer. */
// deno-lint-ignore no-explicit-any -- answers are looked at field by field
export async function callTool(client: TokenClient, name: string, args: unknown): Promise<any> {
  const message = modernMessage(1, "tools/call", { name, arguments: args });
  const response = await client.send("POST", "/mcp", message, {
    ...modernHeaders("tools/call", name),
    "Accept": "application/json, text/event-stream",
    "Content-Type": "application/json",
  });
  const text = await response.text();
  const data = /^data: (.+)$/m.exec(text)?.[1] ?? text;
  return JSON.parse(data).result;
}

function notebookOf(word: string): unknown {
  const cell = { id: "one", cell_type: "code", metadata: {}, outputs: [], execution_count: null };
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [{ ...cell, source: `print("${word}")` }],
  };
}

/** Makes one thing of each kind in the namespace of a client; a word of the client is in each of them. */
export async function populate({ send, json }: TokenClient, word = CONTENT): Promise<World> {
  const code = `name = "${word}"; print(name)`;
  const { id: kernel } = await json(201, "POST", "/api/kernels", { id: "analysis-k4" });
  const at = `/api/kernels/${kernel}`;
  await json(200, "POST", `${at}/executions`, { id: "job-k4-1", code });
  await json(202, "POST", `${at}/executions`, {
    ...{ id: "job-k4-2", code: `input("${word}?")`, allowStdin: true, wait: false },
  });
  await json(201, "PUT", `${at}/files/content?path=a`, word);
  await json(201, "POST", "/api/notebooks", { path: "plan-k4.ipynb", content: notebookOf(word) });
  const path = "/api/live-notebooks/plan-k4.ipynb";
  await json(200, "POST", path, { run: ["one"], save: true, keepVersion: true });
  const { versions } = await json(200, "GET", "/api/notebook-versions/plan-k4.ipynb");
  const checkpoint = await json(201, "POST", "/api/contents/plan-k4.ipynb/checkpoints");
  const [session] = await json(200, "GET", "/api/sessions");
  const wanted = { format: "json", type: "notebook" };
  const room = await json(200, "PUT", "/api/collaboration/session/plan-k4.ipynb", wanted);
  await json(200, "PATCH", "/api/config/notes-k4", { text: word });
  const opened = await send("POST", "/mcp", {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "raw", version: "1" },
    },
  }, { "Accept": "application/json, text/event-stream", "Content-Type": "application/json" });
  await opened.body?.cancel();
  const run = await callTool({ send, json }, "run_code", { session: "research-k4", code });
  const command = { code: `echo ${word}`, language: "bash" };
  const { task_id: task } = await json(200, "POST", "/execute_async", command);
  const { session_id: crSession } = await json(200, "GET", `/tasks/${task}`);
  const { id: colabKernel } = await json(200, "POST", "/colab/start_kernel");
  const colab = await json(200, "POST", "/colab/execute_code", { id: colabKernel, code });
  const { kernel_id } = await json(200, "POST", "/start");
  await json(200, "POST", "/cell", { kernel_id, cell_number: 1, action: "add", code });
  await json(200, "POST", "/cell", { kernel_id, cell_number: 1, action: "run" });
  const sandbox = await json(201, "POST", "/e2b/v2/sandboxes", {
    templateID: "code-interpreter-v1",
    metadata: { title: word },
  });
  const secrets = sandboxHeaders({
    sandbox: sandbox.sandboxID,
    accessToken: sandbox.envdAccessToken,
    trafficToken: sandbox.trafficAccessToken,
  });
  await (await send("POST", "/e2b/files?path=/home/user/a", word, secrets)).body?.cancel();
  const contexts = await (await send("GET", "/e2b/contexts", undefined, secrets)).json();
  return {
    kernel,
    execution: "job-k4-1",
    asking: "job-k4-2",
    notebook: "plan-k4.ipynb",
    version: versions[0].id,
    checkpoint: checkpoint.id,
    session: session.id,
    room: `json:notebook:${room.fileId}`,
    section: "notes-k4",
    mcpConnection: opened.headers.get("Mcp-Session-Id")!,
    mcpSession: "research-k4",
    mcpRun: run.structuredContent.run,
    crSession,
    task,
    colabKernel,
    colabExecution: colab.execution_id,
    cells: String(kernel_id),
    sandbox: sandbox.sandboxID,
    context: contexts[0].id,
    accessToken: sandbox.envdAccessToken,
    trafficToken: sandbox.trafficAccessToken,
  };
}

/** Returns the headers of a call of a sandbox. */
export function sandboxHeaders(
  { sandbox, accessToken, trafficToken }: Pick<World, "sandbox" | "accessToken" | "trafficToken">,
): Record<string, string> {
  return {
    "E2b-Sandbox-Id": sandbox,
    "X-Access-Token": accessToken,
    "E2B-Traffic-Access-Token": trafficToken,
  };
}

/** Describes what a namespace has, without times. */
export async function snapshot({ json, send }: TokenClient, its: World): Promise<unknown> {
  const kernels = await json(200, "GET", "/api/kernels");
  const { executions } = await json(200, "GET", "/api/executions");
  const file = await send("GET", `/api/contents/${its.notebook}?content=1`);
  const cells = await json(200, "GET", `/jupycell/notebook?kernel_id=${its.cells}`);
  return {
    kernels: kernels.map(({ id, status }: { id: string; status: string }) => [id, status]),
    executions: executions.map(({ id, status }: { id: string; status: string }) => [id, status]),
    sessions: await json(200, "GET", "/api/sessions").then((all) =>
      all.map((it: { id: string; path: string }) => [it.id, it.path])
    ),
    sandboxes: await json(200, "GET", "/e2b/v2/sandboxes"),
    section: await json(200, "GET", `/api/config/${its.section}`),
    contents: (await file.json()).content,
    versions: await json(200, "GET", `/api/notebook-versions/${its.notebook}`),
    files: await json(200, "GET", `/api/kernels/${its.kernel}/files`).then(({ entries }) =>
      entries.map(({ name }: { name: string }) => name)
    ),
    crSessions: Object.keys((await json(200, "GET", "/sessions")).sessions),
    cells,
  };
}
