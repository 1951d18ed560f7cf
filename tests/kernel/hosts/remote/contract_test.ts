import assert from "node:assert/strict";
import { KernelMode } from "../../../../kernel/mod.ts";
import { testExecutions } from "../../../support/host_contract/executions.ts";
import { testControl } from "../../../support/host_contract/control.ts";
import { testConversations } from "../../../support/host_contract/conversations.ts";
import { testLanguageContract } from "../../../support/host_contract/language.ts";
import { testLimits } from "../../../support/host_contract/limits.ts";
import { testOutput } from "../../../support/host_contract/output.ts";
import { testSurroundings } from "../../../support/host_contract/surroundings.ts";
import { PYTHON } from "../../../support/host_contract/dialects.ts";
import { type JupyterServer, startCurrentJupyterServer } from "../../../support/jupyter_server.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

const open = new AsyncDisposableStack();
let server: JupyterServer;

Deno.test.beforeAll(async () => {
  const directory = open.use(await temporaryDirectory());
  server = open.use(await startCurrentJupyterServer(directory.path));
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
  exceptions: new Map<string, string>(),
};

// ipykernel ends an interrupted `await` with CancelledError.
testLanguageContract(promises, { ...PYTHON, wait: "import time\ntime.sleep(60)" });
testExecutions(promises);
testOutput(promises);
testConversations(promises);
testLimits(promises);
testControl(promises);
testSurroundings(promises);
