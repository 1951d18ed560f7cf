/**
 * A request for each route of the server that asks for something of a namespace. A route that is missing here
 * makes the walk fail: whoever adds one says what could be seen there.
 *
 * @module
 */
import { modernHeaders, modernMessage } from "../../support/raw_agent.ts";
import { sandboxHeaders, type World } from "./world.ts";

/** A request for something of a world. */
export interface Asked {
  /** @default the path of the route with the ids of the world */
  path?: string;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The requests for one route. */
type Requests = (its: World) => Asked | Asked[];

/** Asks without a body. */
function plain(): Asked {
  return {};
}

/** Asks with a body. */
function body(make: (its: World) => unknown): Requests {
  return (its) => ({ body: make(its) });
}

function formOf(fields: Record<string, string | File>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

const code = body(() => ({ code: "1" }));

/** Asks a sandbox, without its secrets and with them. */
function inSandbox(make: (its: World) => unknown): Requests {
  return (its) => {
    const body = make(its);
    return [
      { body, headers: { "E2b-Sandbox-Id": its.sandbox } },
      { body, headers: sandboxHeaders(its) },
    ];
  };
}

/** Asks for a file of a sandbox, without its secrets and with them. */
function sandboxFile(its: World): Asked[] {
  const query = "path=/home/user/a";
  return [
    { query, headers: { "E2b-Sandbox-Id": its.sandbox } },
    { query, headers: sandboxHeaders(its) },
  ];
}

/** Asks for something by the app view of a link that there is not. */
function inApp(path: (its: World) => string): Requests {
  return (its) => ({ path: `/apps/none/api/${path(its)}` });
}

function cells(its: World): string {
  return `kernel_id=${its.cells}`;
}

/** A message of MCP of the revision of 2026. */
function message(method: string, params: Record<string, unknown>): Asked {
  const name = params["name"] ?? params["uri"] ?? params["taskId"];
  const extensions = { "io.modelcontextprotocol/tasks": {} };
  return {
    body: modernMessage(1, method, params, { extensions }),
    headers: {
      ...modernHeaders(method, name as string | undefined),
      "Accept": "application/json, text/event-stream",
      "Content-Type": "application/json",
    },
  };
}

function tool(name: string, args: Record<string, unknown>): Asked {
  return message("tools/call", { name, arguments: args });
}

/** Asks by every tool and every kind of resource. */
function mcp(its: World): Asked[] {
  const { mcpSession, mcpRun, mcpConnection, execution, kernel, notebook } = its;
  return [
    tool("sessions", { action: "list" }),
    tool("sessions", { action: "end", session: mcpSession }),
    tool("sessions", { action: "reset", session: mcpSession }),
    tool("sessions", { action: "end", session: kernel }),
    tool("files", { action: "list", session: mcpSession, path: "." }),
    tool("read_output", { run: mcpRun }),
    tool("read_output", { run: execution }),
    tool("interrupt", { run: mcpRun }),
    tool("interrupt", { session: mcpSession }),
    tool("run_code", { code: "1", session: mcpSession }),
    tool("install_packages", { packages: ["numpy"], session: mcpSession }),
    tool("notebook_read", { path: notebook }),
    tool("notebook_edit", { path: notebook, edits: [] }),
    tool("notebook_run", { path: notebook }),
    message("resources/list", {}),
    message("resources/read", { uri: `run://${mcpRun}/text` }),
    message("resources/read", { uri: `run://${mcpRun}/outputs/0` }),
    message("resources/read", { uri: `session://${mcpSession}/state` }),
    message("resources/read", { uri: `session://${mcpSession}/files/home/pyodide/a` }),
    message("tasks/get", { taskId: mcpRun }),
    message("tasks/update", { taskId: mcpRun, inputResponses: {} }),
    message("tasks/cancel", { taskId: mcpRun }),
    {
      body: { jsonrpc: "2.0", id: 1, method: "tools/list" },
      headers: {
        "Mcp-Session-Id": mcpConnection,
        "Mcp-Protocol-Version": "2025-11-25",
        "Accept": "application/json, text/event-stream",
        "Content-Type": "application/json",
      },
    },
  ];
}

/** Asks for the stream of a connection. */
function mcpStream({ mcpConnection }: World): Asked {
  return {
    headers: {
      "Mcp-Session-Id": mcpConnection,
      "Mcp-Protocol-Version": "2025-11-25",
      "Accept": "text/event-stream, application/json",
    },
  };
}

const CODERUNNER: Record<string, Requests> = {
  "POST /execute": body(({ crSession }) => ({ code: "1", session_id: crSession })),
  "POST /execute_async": body(({ crSession }) => ({ code: "1", session_id: crSession })),
  "POST /sessions": plain,
  "DELETE /sessions/:session_id": plain,
  "POST /v1/sessions/session": plain,
  "DELETE /v1/sessions/session": ({ crSession }) => ({ query: `session_id=${crSession}` }),
  "POST /v1/execute": body(({ crSession }) => ({ code: "1", session_id: crSession })),
  "POST /v1/sessions": plain,
  "GET /v1/sessions/sandboxes": plain,
  "GET /v1/sessions/usage/:session_id": plain,
  "GET /v1/sessions/session/:session_id": plain,
  "GET /v1/sessions/status/:session_id": plain,
  "GET /v1/sessions/:session_id": plain,
  "DELETE /v1/sessions/:session_id": plain,
  "POST /kill": body(({ crSession }) => ({ session_id: crSession })),
  "POST /v1/vms": plain,
  "POST /v1/vms/": plain,
  "GET /v1/vms": plain,
  "GET /v1/vms/": plain,
  "GET /v1/vms/:vm_id": plain,
  "DELETE /v1/vms/:vm_id": plain,
  "GET /v1/users/me": plain,
  "GET /v1/ssh-keys": plain,
  "GET /v1/executions/:task_id": plain,
  "POST /upload": ({ crSession }) => ({
    body: formOf({ file: new File(["1"], "b"), remote_path: "a", session_id: crSession }),
  }),
  "POST /download": ({ crSession }) => ({
    body: new URLSearchParams({ filename: "a", session_id: crSession }).toString(),
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  }),
  "GET /tasks/:task_id": plain,
  "GET /sessions": plain,
  "GET /sessions/:session_id": plain,
  "GET /languages": plain,
  "GET /v1/sessions/session": ({ crSession }) => ({ query: `session_id=${crSession}` }),
};
const KERNEL_RUNNERS: Record<string, Requests> = {
  "POST /start_kernel": plain,
  "POST /shutdown_kernel": body(({ colabKernel }) => ({ id: colabKernel })),
  "POST /execute_code": body(({ colabKernel }) => ({ id: colabKernel, code: "1" })),
};
const COLAB: Record<string, Requests> = {
  ...KERNEL_RUNNERS,
  "GET /execution_status/:execution_id": plain,
};
const JUPYCELL: Record<string, Requests> = {
  "POST /start": plain,
  "POST /cell": ({ cells }) =>
    ["add", "edit", "run", "run_all", "delete"].map((action) => ({
      body: { kernel_id: Number(cells), cell_number: 1, code: "1", action },
    })),
  "GET /cell_outputs": (its) => ({ query: `${cells(its)}&cell_number=1` }),
  "GET /dependencies": (its) => ({ query: cells(its) }),
};
const JUPYCELL_NOTEBOOK: Record<string, Requests> = {
  "GET /notebook": (its) => ({ query: cells(its) }),
  "POST /notebook": body(({ cells }) => ({
    kernel_id: Number(cells),
    notebook: { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] },
  })),
};
const FILESYSTEM = {
  Stat: { path: "/home/user/a" },
  ListDir: { path: "/home/user" },
  MakeDir: { path: "/home/user/b" },
  Move: { source: "/home/user/a", destination: "/home/user/c" },
  Remove: { path: "/home/user/a" },
  CreateWatcher: { path: "/home/user" },
  GetWatcherEvents: { watcherId: "w" },
  RemoveWatcher: { watcherId: "w" },
};

/** Returns routes with a prefix before their paths. */
function below(prefix: string, routes: Record<string, Requests>): Record<string, Requests> {
  return Object.fromEntries(
    Object.entries(routes).map(([route, requests]) => [
      route.replace(" ", ` ${prefix}`),
      requests,
    ]),
  );
}

/** Returns the routes of a path and of the same path below a directory. */
function contents(method: string, tail: string, requests: Requests): Record<string, Requests> {
  return {
    [`${method} /api/contents${tail}`]: requests,
    [`${method} /api/contents/:path{.*}${tail}`]: requests,
  };
}

/** The requests by route. */
export const REQUESTS: Readonly<Record<string, Requests>> = {
  "GET /api/kernels": () => [{}, { query: "namespace=alice" }],
  "POST /api/kernels": ({ kernel }) => [
    { body: {} },
    { body: { namespace: "alice", id: kernel.split(":")[1] } },
  ],
  "GET /api/kernels/:id": plain,
  "PATCH /api/kernels/:id": body(() => ({ inactivityTimeoutMs: 1 })),
  "DELETE /api/kernels/:id": plain,
  "POST /api/kernels/:id/interrupt": plain,
  "POST /api/kernels/:id/restart": plain,
  "POST /api/kernels/:id/ping": plain,
  "GET /api/kernels/:id/events": plain,
  "GET /api/servers": plain,
  "GET /api/servers/:name/kernels": plain,
  "GET /api/servers/:name/kernelspecs": plain,
  "POST /api/kernels/:id/executions": ({ execution }) => [
    { body: { code: "1" } },
    { body: { code: "1", id: execution } },
  ],
  "GET /api/executions": ({ kernel, execution }) => [
    {},
    { query: "include=outputs" },
    { query: `kernelId=${kernel}` },
    { query: `before=${execution}` },
  ],
  "GET /api/executions/:id": plain,
  "GET /api/executions/:id/events": plain,
  "DELETE /api/executions/:id": ({ asking }) => [{}, { path: `/api/executions/${asking}` }],
  "POST /api/executions/:id/input": ({ asking }) => ({
    path: `/api/executions/${asking}/input`,
    body: { value: "stolen" },
  }),
  "POST /api/executions/:id/tools": body(() => ({ requestId: "1", value: 1 })),
  "POST /api/kernels/:id/complete": code,
  "POST /api/kernels/:id/inspect": code,
  "POST /api/kernels/:id/is-complete": code,
  "POST /api/kernels/:id/input": body(() => ({ requestId: "1", value: "stolen" })),
  "GET /api/kernels/:id/history": plain,
  "GET /api/kernels/:id/variables": plain,
  "GET /api/kernels/:id/files": plain,
  "GET /api/kernels/:id/files/content": () => ({ query: "path=a" }),
  "PUT /api/kernels/:id/files/content": () => ({ query: "path=a", body: "text" }),
  "POST /api/kernels/:id/files/upload": () => {
    const form = new FormData();
    form.set("file", new File(["text"], "a"));
    return { body: form };
  },
  "POST /api/kernels/:id/files": body(() => ({ path: "d", type: "directory" })),
  "PATCH /api/kernels/:id/files": () => ({ query: "path=a", body: { path: "b" } }),
  "DELETE /api/kernels/:id/files": () => ({ query: "path=a" }),
  "GET /api/kernels/:id/packages": plain,
  "POST /api/kernels/:id/packages": body(() => ({ packages: ["numpy"] })),
  "GET /api/kernels/:id/comms": plain,
  "POST /api/kernels/:id/comms": body(() => ({ target: "x", data: {} })),
  "POST /api/kernels/:id/comms/:commId/messages": body(() => ({ data: {} })),
  "DELETE /api/kernels/:id/comms/:commId": plain,
  "GET /api/notebooks": plain,
  "GET /api/notebooks/:path{.+}": ({ notebook }) => [
    {},
    { path: `/api/notebooks/alice/${notebook}` },
    { path: `/api/notebooks/..%2falice%2f${notebook}` },
  ],
  "PUT /api/notebooks/:path{.+}": () => ({
    body: { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] },
    headers: { "If-Match": "*" },
  }),
  "POST /api/notebooks": body(() => ({ path: "../alice/x.ipynb" })),
  "PATCH /api/notebooks/:path{.+}": body(() => ({ path: "mine.ipynb" })),
  "DELETE /api/notebooks/:path{.+}": plain,
  "GET /api/notebook-versions/:path{.+}": ({ version }) => [{}, { query: `id=${version}` }],
  "GET /api/live-notebooks/:path{.+}": () => [{}, { query: "format=py" }],
  "PATCH /api/live-notebooks/:path{.+}": body(() => ({ edits: [{ type: "delete", id: "one" }] })),
  "POST /api/live-notebooks/:path{.+}": body(() => ({ run: ["one"] })),
  "GET /api/server": plain,
  "GET /api/languages": plain,
  "GET /health": plain,
  "GET /ready": plain,
  "GET /api/kernels/:id/channels": plain,
  "PUT /api/collaboration/session/:path{.+}": body(() => ({ format: "json", type: "notebook" })),
  "GET /api/collaboration/room/:room": plain,
  "GET /api/events/subscribe": plain,
  "POST /api/events": body(() => ({ schema_id: "x", version: 1, data: {} })),
  "GET /api/kernelspecs": plain,
  "GET /api/kernelspecs/:name": plain,
  "GET /kernelspecs/:name/:file": plain,
  "GET /api/sessions": plain,
  "POST /api/sessions": ({ kernel, notebook }) => [
    { body: { path: notebook, type: "notebook", kernel: { id: kernel } } },
    { body: { path: notebook, type: "notebook", kernel: { name: "python" } } },
  ],
  "GET /api/sessions/:id": plain,
  "PATCH /api/sessions/:id": body(() => ({ path: "mine.ipynb" })),
  "DELETE /api/sessions/:id": plain,
  ...contents("GET", "/checkpoints", plain),
  ...contents("POST", "/checkpoints", plain),
  ...contents("POST", "/checkpoints/:id", plain),
  ...contents("DELETE", "/checkpoints/:id", plain),
  ...contents("GET", "", () => [{}, { query: "type=directory" }]),
  ...contents("POST", "", body(({ notebook }) => ({ copy_from: notebook }))),
  ...contents("PUT", "", body(({ notebook }) => ({ copy_from: notebook, type: "directory" }))),
  ...contents("PATCH", "", body(() => ({ path: "mine.ipynb" }))),
  ...contents("DELETE", "", plain),
  "GET /files/:path{.+}": ({ notebook }) => [{}, { path: `/files/alice/${notebook}` }],
  "GET /api/resolvePath": ({ kernel, notebook }) => ({
    query: `path=${notebook}&kernel=${kernel}`,
  }),
  "GET /http_over_websocket": plain,
  "GET /http_over_websocket/diagnose": plain,
  "GET /http_over_websocket/proxied_ws/*": plain,
  "GET /api": plain,
  "GET /api/status": plain,
  "GET /api/me": plain,
  "GET /api/terminals": plain,
  "GET /api/nbconvert": plain,
  "POST /api/terminals": plain,
  "GET /api/config/:section": plain,
  "PUT /api/config/:section": body(() => ({})),
  "PATCH /api/config/:section": body(() => ({})),
  "GET /api/kernels/:id/info": plain,
  "POST /api/kernels/:id/execute": code,
  "POST /api/kernels/:id/execute/stream": code,
  "POST /api/kernels/:id/execute/submit": code,
  "GET /api/kernels/:id/execute/result/:session_id": plain,
  "GET /api/kernels/:id/execute/stream/:session_id": plain,
  "GET /mcp": mcpStream,
  "POST /mcp": mcp,
  "DELETE /mcp": mcpStream,
  ...CODERUNNER,
  ...below("/coderunner", { ...CODERUNNER, "GET /health": plain }),
  ...COLAB,
  ...below("/colab", { ...COLAB, "GET /health": plain }),
  ...below("/kernel-proxy", { ...KERNEL_RUNNERS, "GET /health": plain }),
  ...JUPYCELL,
  ...below("/jupycell", { ...JUPYCELL, ...JUPYCELL_NOTEBOOK, "GET /health": plain }),
  ...below("/e2b", {
    "POST /sandboxes": body(() => ({ templateID: "base" })),
    "POST /v2/sandboxes": body(() => ({ templateID: "base" })),
    "POST /sandboxes/:id/connect": body(() => ({ timeout: 1 })),
    "POST /v2/sandboxes/:id/connect": body(() => ({ timeout: 1 })),
    "GET /sandboxes": plain,
    "GET /v2/sandboxes": plain,
    "GET /sandboxes/:id": plain,
    "DELETE /sandboxes/:id": plain,
    "POST /sandboxes/:id/timeout": body(() => ({ timeout: 0 })),
    "POST /sandboxes/:id/refreshes": body(() => ({ duration: 1 })),
    "GET /sandboxes/:id/metrics": plain,
    "POST /sandboxes/:id/pause": plain,
    "POST /sandboxes/:id/resume": plain,
    "POST /sandboxes/:id/fork": plain,
    "POST /sandboxes/:id/snapshots": plain,
    "GET /health": inSandbox(() => undefined),
    "POST /execute": inSandbox(({ context }) => ({ code: "1", context_id: context })),
    "GET /contexts": inSandbox(() => undefined),
    "POST /contexts": inSandbox(() => ({})),
    "POST /contexts/:id/restart": inSandbox(() => ({})),
    "DELETE /contexts/:id": inSandbox(() => undefined),
    "GET /files": sandboxFile,
    "POST /files": sandboxFile,
    ...Object.fromEntries(
      Object.entries(FILESYSTEM).map(([name, content]) => [
        `POST /filesystem.Filesystem/${name}`,
        inSandbox(() => content),
      ]),
    ),
    "POST /filesystem.Filesystem/WatchDir": inSandbox(() => ({ path: "/home/user" })),
    "POST /process.Process/Start": inSandbox(() => ({ process: { cmd: "ls" } })),
    "POST /process.Process/Connect": inSandbox(() => ({ process: { pid: 1 } })),
    "POST /process.Process/List": inSandbox(() => ({})),
    "POST /process.Process/SendSignal": inSandbox(() => ({ process: { pid: 1 } })),
    "POST /process.Process/SendInput": inSandbox(() => ({ process: { pid: 1 }, input: {} })),
    "POST /process.Process/CloseStdin": inSandbox(() => ({ process: { pid: 1 } })),
    "POST /process.Process/StreamInput": inSandbox(() => ({})),
    "POST /process.Process/:name": inSandbox(() => ({})),
  }),
  "GET /files": sandboxFile,
  "POST /files": sandboxFile,
  "GET /openapi.json": plain,
  "GET /api/spec.yaml": plain,
  "GET /docs": plain,
  "GET /docs/start.js": plain,
  "GET /docs/:file": plain,
  "GET /": plain,
  "GET /tree": plain,
  "GET /lab": plain,
  "GET /view/:path{.+}": plain,
  "GET /ui/*": plain,
  "GET /favicon.ico": plain,
  "GET /api/tokens": plain,
  "POST /api/tokens": body(() => ({ namespace: "alice" })),
  "DELETE /api/tokens/:id": plain,
  "GET /metrics": plain,
  "GET /api/apps": plain,
  "POST /api/apps": body((its) => ({ path: its.notebook })),
  "DELETE /api/apps/:id": plain,
  // Whoever asks here is known by the secret of a link only.
  "GET /apps/:id": () => ({ path: "/apps/none" }),
  "POST /apps/:id/views": () => ({ path: "/apps/none/views" }),
  "GET /apps/:id/views/:view/events": () => ({ path: "/apps/none/views/none/events" }),
  "DELETE /apps/:id/views/:view": () => ({ path: "/apps/none/views/none" }),
  "GET /apps/:id/api/kernels/:kernel": inApp((its) => `kernels/${its.kernel}`),
  "GET /apps/:id/api/kernels/:kernel/events": inApp((its) => `kernels/${its.kernel}/events`),
  "GET /apps/:id/api/kernels/:kernel/comms": inApp((its) => `kernels/${its.kernel}/comms`),
  "POST /apps/:id/api/kernels/:kernel/comms": inApp((its) => `kernels/${its.kernel}/comms`),
  "POST /apps/:id/api/kernels/:kernel/comms/:commId/messages": inApp((its) =>
    `kernels/${its.kernel}/comms/none/messages`
  ),
  "DELETE /apps/:id/api/kernels/:kernel/comms/:commId": inApp((its) =>
    `kernels/${its.kernel}/comms/none`
  ),
  "GET /apps/:id/api/executions/:execution/events": inApp((its) =>
    `executions/${its.execution}/events`
  ),
  "POST /apps/:id/api/executions/:execution/input": inApp((its) =>
    `executions/${its.asking}/input`
  ),
};

/** Returns the path of a route with the ids of a world. */
export function pathOf(route: string, its: World): string {
  const pattern = route.split(" ")[1]!;
  const id = pattern.includes("/kernels/")
    ? its.kernel
    : pattern.includes("/executions/")
    ? its.execution
    : pattern.includes("/checkpoints/")
    ? its.checkpoint
    : pattern.startsWith("/api/sessions")
    ? its.session
    : pattern.includes("/sandboxes/")
    ? its.sandbox
    : its.context;
  const values: Record<string, string> = {
    id,
    path: its.notebook,
    name: "python",
    file: "logo-svg.svg",
    room: its.room,
    section: its.section,
    session_id: pattern.includes("/kernels/") ? its.execution : its.crSession,
    task_id: its.task,
    vm_id: its.crSession,
    execution_id: its.colabExecution,
  };
  return pattern.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, (_, name: string) => values[name] ?? name)
    .replace("/*", `/api/kernels/${its.kernel}/channels`);
}
