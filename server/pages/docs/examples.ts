/**
 * The examples of the description: requests that work as they stand once the ids of a kernel and of an
 * execution are in their places.
 *
 * @module
 */

/** Stands for the id of the kernel that the reader has made last. */
export const KERNEL = "KERNEL_ID";
/** Stands for the id of the reader's last execution. */
export const EXECUTION = "EXECUTION_ID";
/** Stands for the number of the reader's last notebook of JupyCell. */
export const NUMBERED = "JUPYCELL_ID";

const CODE = "print('Hello')\n6 * 7";
const CELL = { id: "first", cell_type: "code", source: CODE, metadata: {}, outputs: [] };
const NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [{ ...CELL, execution_count: null }],
};

/** The bodies of requests by their methods and paths. */
export const BODIES: Readonly<Record<string, unknown>> = {
  "POST /api/kernels": { language: "python", limits: { memoryMiB: 512 } },
  "PATCH /api/kernels/{id}": { inactivityTimeoutMs: 600_000 },
  "POST /api/kernels/{id}/ping": { timeoutMs: 1_000 },
  "POST /api/kernels/{id}/executions": { code: CODE },
  "POST /api/executions/{id}/input": { value: "Ada" },
  "POST /api/executions/{id}/tools": { requestId: "the one of the event", value: 42 },
  "POST /api/kernels/{id}/complete": { code: "import math\nmath.sq" },
  "POST /api/kernels/{id}/inspect": { code: "len" },
  "POST /api/kernels/{id}/is-complete": { code: "for i in range(3):" },
  "POST /api/kernels/{id}/input": { requestId: "the one of the event", value: "Ada" },
  "POST /api/kernels/{id}/comms": { commId: "example", targetName: "jupyter.widget.control" },
  "POST /api/kernels/{id}/comms/{commId}/messages": { data: { method: "request_states" } },
  "POST /api/kernels/{id}/files": { path: "results", type: "directory" },
  "PATCH /api/kernels/{id}/files": { path: "renamed.txt" },
  "POST /api/kernels/{id}/packages": { packages: ["six"] },
  "POST /api/notebooks": { path: "Example.ipynb", content: NOTEBOOK },
  "PUT /api/notebooks/{path}": NOTEBOOK,
  "PATCH /api/notebooks/{path}": { path: "Renamed.ipynb" },
  "PATCH /api/live-notebooks/{path}": {
    edits: [{ type: "insert", cell: { source: "1 + 1" } }],
  },
  "POST /api/live-notebooks/{path}": { run: ["first"] },
  "POST /api/kernels/{id}/execute": { code: CODE },
  "POST /api/kernels/{id}/execute/stream": { code: CODE },
  "POST /api/kernels/{id}/execute/submit": { code: CODE },
  "POST /coderunner/execute": { command: CODE, language: "python" },
  "POST /coderunner/execute_async": { command: CODE, language: "python" },
  "POST /coderunner/v1/execute": { command: CODE, language: "python" },
  "POST /coderunner/v1/sessions": { metadata: { name: "example" } },
  "POST /coderunner/v1/sessions/session": { metadata: { name: "example" } },
  "POST /coderunner/v1/vms": { metadata: { name: "example" } },
  "POST /coderunner/v1/vms/": { metadata: { name: "example" } },
  "POST /coderunner/kill": { session_id: "the one that POST has answered" },
  "DELETE /coderunner/v1/sessions/session": { session_id: "the one that POST has answered" },
  "POST /colab/shutdown_kernel": { id: KERNEL },
  "POST /colab/execute_code": { id: KERNEL, code: CODE },
  "POST /kernel-proxy/shutdown_kernel": { id: KERNEL },
  "POST /kernel-proxy/execute_code": { id: KERNEL, code: CODE },
  "POST /jupycell/notebook": { kernel_id: NUMBERED, notebook: NOTEBOOK },
  "POST /jupycell/cell": { kernel_id: NUMBERED, code: CODE, action: "add" },
  "POST /api/apps": { path: "Example.ipynb", viewers: 5 },
  "POST /api/tokens": { namespace: "ada", scopes: ["read", "run"] },
};

/** The values of parameters by the beginnings of paths, the first that fits; ids come from the reader's requests. */
const PARAMETERS: readonly { path: RegExp; values: Readonly<Record<string, unknown>> }[] = [
  {
    path: /^\/api\/kernels\/\{id\}\/files/,
    values: { id: KERNEL, path: "notes.txt" },
  },
  { path: /^\/api\/kernels\/\{id\}\/comms/, values: { id: KERNEL, commId: "example" } },
  {
    path: /^\/api\/kernels\/\{id\}/,
    values: { id: KERNEL, session_id: EXECUTION },
  },
  { path: /^\/api\/executions\/\{id\}/, values: { id: EXECUTION } },
  { path: /notebook/, values: { path: "Example.ipynb" } },
  { path: /^\/jupycell/, values: { kernel_id: NUMBERED, cell_number: 0 } },
  { path: /^\/colab/, values: { execution_id: EXECUTION } },
];

/** Returns the example of a parameter of a path; undefined if there is none. */
export function parameterExample(path: string, name: string): unknown {
  return PARAMETERS.find((it) => it.path.test(path))?.values[name];
}
