import assert from "node:assert/strict";
import { connectAgent, createAgentServer, ERAS, type TestAgent } from "../../../support/agent.ts";

async function read({ client }: TestAgent, uri: string) {
  const { contents: [content] } = await client.readResource({ uri });
  assert(content);
  return content;
}

for (const era of ERAS) {
  Deno.test(`resources show a client of ${era} files, runs and sessions`, async () => {
    await using server = createAgentServer();
    await using agent = await connectAgent(server, { era });
    const { structured } = await agent.call("run_code", {
      code:
        "answer = 42\nopen('é a.txt', 'w').write('hello')\nopen('b.bin', 'wb').write(b'\\0\\1')\n" +
        "print('printed')",
      session: "work",
      artifacts: ["é a.txt", "b.bin"],
    });
    const [text, bytes] = structured.artifacts;
    assert.equal(text.uri, "session://work/files/home/pyodide/%C3%A9%20a.txt");
    const file = await read(agent, text.uri);
    assert.deepEqual("text" in file && [file.mimeType, file.text], ["text/plain", "hello"]);
    const binary = await read(agent, bytes.uri);
    assert.equal("blob" in binary && binary.blob, "AAE=");
    const printed = await read(agent, `run://${structured.run}/text`);
    assert.equal("text" in printed && printed.text, "printed\n");
    const { resources } = await agent.client.listResources();
    assert.deepEqual(resources.map(({ uri }) => uri), [
      "guide://python",
      "ui://deno-code-interpreter/run",
      "session://work/state",
    ]);
    const state = await read(agent, "session://work/state");
    const { status, variables } = JSON.parse("text" in state ? state.text : "");
    assert.equal(status, "idle");
    assert(
      variables.some((it: { name: string; summary: string }) =>
        it.name === "answer" && it.summary === "42"
      ),
    );
  });

  Deno.test(`completion gives a client of ${era} the names of sessions`, async () => {
    await using server = createAgentServer();
    await using agent = await connectAgent(server, { era });
    for (const session of ["analysis", "archive", "work"]) {
      await agent.call("run_code", { code: "1", session });
    }
    const argument = { name: "session", value: "a" };
    for (
      const ref of [
        { type: "ref/resource" as const, uri: "session://{session}/state" },
        { type: "ref/prompt" as const, name: "analyse_file" },
      ]
    ) {
      const { completion } = await agent.client.complete({ ref, argument });
      assert.deepEqual(completion.values, ["analysis", "archive"]);
    }
  });
}

Deno.test("resources that are not there, or too large, are refused", async () => {
  await using server = createAgentServer();
  await using agent = await connectAgent(server);
  await agent.call("run_code", {
    code:
      "open('large', 'wb').write(bytes(2_000_000)); open('large.txt', 'w').write('x' * 2_000_000)",
    session: "work",
  });
  for (
    const [uri, message] of [
      ["run://unknown/text", /Cannot find execution "unknown"/],
      ["run://unknown/outputs/0", /Cannot find execution "unknown"/],
      ["session://unknown/state", /there is no session "unknown"/],
      ["session://work/files/none", /Cannot find "\/none"/],
      ["session://work/files/home", /it is a directory/],
      ["session://work/files/%ff", /Cannot find/],
      ["nothing://here", /not found/i],
    ] as const
  ) {
    await assert.rejects(agent.client.readResource({ uri }), message);
  }
  for (const name of ["large", "large.txt"]) {
    const uri = `session://work/files/home/pyodide/${name}`;
    await assert.rejects(agent.client.readResource({ uri }), /larger than one resource may be/);
  }
});

Deno.test("prompts start tasks with a few words", async () => {
  await using server = createAgentServer();
  await using agent = await connectAgent(server);
  const { prompts } = await agent.client.listPrompts();
  assert.deepEqual(prompts.map(({ name }) => name), ["analyse_file", "fix_run"]);
  const { messages } = await agent.client.getPrompt({
    name: "analyse_file",
    arguments: { path: "a.csv", question: "How many?", session: "work" },
  });
  assert.match(JSON.stringify(messages), /a\.csv in the session work.*How many\?/);
});
