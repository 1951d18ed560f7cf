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
import { startJupyterServer } from "../../../support/jupyter_server.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

const open = new AsyncDisposableStack();
let server: Promise<{ url: string; token: string }> | undefined;

Deno.test.afterAll(() => open.disposeAsync());

/** Debian's Jupyter server, which all tests of this file share. */
async function start(): Promise<{ url: string; token: string }> {
  const directory = open.use(await temporaryDirectory());
  return open.use(await startJupyterServer("jupyter_server", directory.path));
}

const promises = {
  mode: KernelMode.REMOTE,
  preemptive: true,
  place: async () => ({
    manager: { servers: { debian: await (server ??= start()) } },
    kernel: { server: "debian" },
  }),
  exceptions: new Map<string, string>(),
};

testLanguageContract(promises, PYTHON);
testExecutions(promises);
testOutput(promises);
testConversations(promises);
testLimits(promises);
testControl(promises);
testSurroundings(promises);
