import assert from "node:assert/strict";
import { connectAgent, createAgentServer } from "../../../support/agent.ts";

Deno.test("run_python_code() answers as mcp-run-python does, and keeps nothing", async () => {
  await using server = createAgentServer({ MCP_TOOLS: "run_python_code" });
  await using agent = await connectAgent(server);
  for (
    const [args, text] of [
      [
        { python_code: "x = 4\nprint(f'{x=}')\nx" },
        "<status>success</status>\n<output>\nx=4\n</output>\n<return_value>\n4\n</return_value>",
      ],
      [{ python_code: "x = 4" }, "<status>success</status>"],
      [
        { python_code: "[n, {'a': {1}}]", global_variables: { n: "\n'\"</return_value>" } },
        '<status>success</status>\n<return_value>\n[\n  "\\n\'\\"&lt;/return_value&gt;",\n  {\n    "a": [\n' +
        "      1\n    ]\n  }\n]\n</return_value>",
      ],
    ] as const
  ) {
    const answer = await agent.call("run_python_code", args);
    assert.deepEqual([answer.text, answer.isError], [text, false]);
  }
  const failed = await agent.call("run_python_code", { python_code: "x" });
  assert.equal(failed.isError, true);
  assert.match(
    failed.text,
    /^<status>run-error<\/status>\n<error>\n[^]*NameError: name 'x' is not defined[^]*<\/error>$/,
  );
  assert.deepEqual(server.kernels.listKernels(), []);
});
