import assert from "node:assert/strict";
import { KernelMode } from "../../../../kernel/mod.ts";
import { testConversations } from "../../../support/host_contract/conversations.ts";
import { PYTHON } from "../../../support/host_contract/dialects.ts";
import { testExecutions } from "../../../support/host_contract/executions.ts";
import { testLanguageContract } from "../../../support/host_contract/language.ts";
import { testOutput } from "../../../support/host_contract/output.ts";
import { type JupyterServer, startCurrentJupyterServer } from "../../../support/jupyter_server.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

const OTHER_KERNEL = "ipykernel behaves otherwise, and its behaviour is passed on";
const NO_OPTION = "the server decides this, so that the option is refused";

/**
 * The promises of all kernels that those of other servers cannot keep. The contract's parts about interrupts
 * inside Python, limits and surroundings are about kernels that run here.
 */
const exceptions = new Map([
  [
    "restartKernel() aborts what runs and waits, keeps id and environment, and counts anew",
    NO_OPTION,
  ],
  ["env and cwd are the kernel's own, also when it comes from a pool", NO_OPTION],
  [
    "languageInfo() describes the language, also while a cell runs",
    "its version is not that of the kernels here, so the manager does not learn it for all",
  ],
  [
    'execute() reports Broken and the kernel lives when a cell runs "class Broken(Exception):\\n    def ' +
    "__str__(self): raise ValueError('no text')\\nraise Broken\"",
    OTHER_KERNEL,
  ],
  ["execute() survives exceptions of background tasks", OTHER_KERNEL],
  ["stream events show what was written without a newline, and odd bytes", OTHER_KERNEL],
  ["stream events show what is written to a descriptor while it stands for a stream", OTHER_KERNEL],
  [
    "output belongs to the cell whose code made it, also while a later cell runs and after it",
    OTHER_KERNEL,
  ],
  ["figures, HTML and errors in a repr are shown without ending the cell", OTHER_KERNEL],
]);

const open = new AsyncDisposableStack();
let server: JupyterServer;

Deno.test.beforeAll(async () => {
  const directory = open.use(await temporaryDirectory());
  // By default a server drops output beyond a megabyte a second, and says so in the cell.
  const args = ["--ZMQChannelsWebsocketConnection.limit_rate=False"];
  server = open.use(await startCurrentJupyterServer(directory.path, { args }));
});
Deno.test.afterAll(() => open.disposeAsync());

const promises = {
  mode: KernelMode.REMOTE,
  preemptive: true,
  unmeasured: true,
  place: () => ({
    manager: { servers: { current: { url: server.url, token: server.token } } },
    kernel: { server: "current" },
  }),
  exceptions,
};

// ipykernel ends an interrupted `await` with CancelledError.
testLanguageContract(promises, { ...PYTHON, wait: "import time\ntime.sleep(60)" });
testExecutions(promises);
testOutput(promises);
testConversations(promises);

Deno.test("remote: the list of exceptions names tests of the contract", () => {
  assert.deepEqual([...exceptions.keys()], []);
});
