import assert from "node:assert/strict";
import { connectAgent, createAgentServer, ERAS } from "../../../support/agent.ts";
import { nextEvent } from "../../../support/mod.ts";

/** Code that runs until a file is written. */
const WAIT = "import os, time\nprint('begun', flush=True)\n" +
  "while not os.path.exists('/tmp/end'): time.sleep(0.01)\n'finished'";

for (const era of ERAS) {
  Deno.test(`run_code() keeps a session's variables for a client of ${era}`, async () => {
    await using server = createAgentServer();
    await using agent = await connectAgent(server, { era });
    const first = await agent.call("run_code", { code: "x = 41\nprint('hi')\nx + 1" });
    const { session, run } = first.structured;
    assert.equal(first.text, `hi\n42\n[session: ${session} (new); run: ${run}]`);
    assert.deepEqual(
      [first.structured.status, first.structured.stdout, first.structured.result],
      ["ok", "hi\n", "42"],
    );
    const second = await agent.call("run_code", { code: "x", session });
    assert.deepEqual([second.structured.result, second.structured.new_session], ["41", false]);
    const record = await server.json(200, "GET", `/api/executions/${run}`);
    assert.deepEqual([record.origin, record.tool], ["mcp", "run_code"]);
    const metrics = await (await server.request("GET", "/metrics")).text();
    assert.match(metrics, /tool_executions_total\{tool="run_code",status="ok"\} 2/);
  });

  Deno.test(`run_code() answers a client of ${era} with an exception as an error`, async () => {
    await using server = createAgentServer();
    await using agent = await connectAgent(server, { era });
    const { text, isError, structured } = await agent.call("run_code", {
      code: "print('before')\n1/0",
    });
    assert.equal(isError, true);
    assert.match(
      text,
      /^before\n[^]*ZeroDivisionError: division by zero\n\[session: .*status: error/,
    );
    assert.equal(structured.status, "error");
    assert.equal(structured.error.name, "ZeroDivisionError");
  });

  Deno.test(`run_code() asks the user of a client of ${era} for input()`, async () => {
    await using server = createAgentServer();
    const asked: string[] = [];
    await using agent = await connectAgent(server, {
      era,
      input: (message) => {
        asked.push(message);
        return asked.length < 3 ? `answer ${asked.length}` : undefined;
      },
    });
    const code = "[input('first? '), input('second? ')]";
    const { structured: { result, session } } = await agent.call("run_code", { code });
    assert.equal(result, "['answer 1', 'answer 2']");
    assert.deepEqual(asked, ["first? ", "second? "]);
    const declined = await agent.call("run_code", { code: "input('third? ')", session });
    assert.equal(declined.structured.error.name, "EOFError");
    const lines = await agent.call("run_code", {
      code: "input() + input()",
      session,
      stdin: ["a", "b"],
    });
    assert.equal(lines.structured.result, "'ab'");
    assert.equal(asked.length, 3);
  });

  Deno.test(`run_code() says in Python that a client of ${era} cannot ask`, async () => {
    await using server = createAgentServer();
    await using agent = await connectAgent(server, { era });
    const { structured, isError } = await agent.call("run_code", { code: "input()" });
    assert.equal(isError, true);
    assert.equal(structured.error.name, "StdinNotImplementedError");
  });

  Deno.test(`run_code() goes on after the answer, and read_output() waits for a client of ${era}`, async () => {
    await using server = createAgentServer({ MCP_WAIT: "0.3" });
    await using agent = await connectAgent(server, { era });
    await agent.call("run_code", { code: "1", session: "work" });
    const going = await agent.call("run_code", { code: WAIT, session: "work" });
    const { run, status } = going.structured;
    assert.deepEqual([status, going.isError], ["running", false]);
    assert.match(going.text, /status: running; the run goes on/);
    const still = await agent.call("read_output", { run, wait: 1 });
    assert.equal(still.structured.status, "running");
    const interrupted = await agent.call("interrupt", { run });
    assert.equal(interrupted.structured.interrupted, "interrupted");
    await server.executions.getLive(run)?.done;
    const done = await agent.call("read_output", { run, wait: 30 });
    assert.deepEqual([done.structured.error.name, done.isError], ["KeyboardInterrupt", true]);
    assert.equal(done.structured.stdout, "begun\n");
  });

  Deno.test(`run_code() is interrupted when a client of ${era} cancels the call`, async () => {
    await using server = createAgentServer();
    await using agent = await connectAgent(server, { era });
    const { structured: { session } } = await agent.call("run_code", { code: "x = 1" });
    const begun = nextEvent(server.kernels, "stream");
    const cancel = new AbortController();
    const call = agent.call("run_code", { code: "print('begun')\nwhile True: pass", session }, {
      signal: cancel.signal,
    });
    const { executionId } = await begun;
    cancel.abort();
    await assert.rejects(call);
    const record = await server.executions.getLive(executionId!)!.done;
    assert.equal(record.error?.ename, "KeyboardInterrupt");
    const after = await agent.call("run_code", { code: "x", session });
    assert.equal(after.structured.result, "1");
  });

  Deno.test(`run_code() tells a client of ${era} what is printed meanwhile`, async () => {
    await using server = createAgentServer();
    await using agent = await connectAgent(server, { era });
    const told = Promise.withResolvers<string>();
    const call = agent.call("run_code", { code: WAIT, session: "work" }, {
      onprogress: ({ message }) => told.resolve(message ?? ""),
    });
    assert.equal(await told.promise, "begun\n");
    await agent.call("interrupt", { session: "work" });
    assert.equal((await call).structured.error.name, "KeyboardInterrupt");
  });
}

Deno.test("run_code() ends a run whose timeout is over", async () => {
  await using server = createAgentServer();
  await using agent = await connectAgent(server);
  const { structured, isError, text } = await agent.call("run_code", {
    code: "x = 1\nwhile True: pass",
    timeout: 0.2,
  });
  assert.deepEqual([structured.status, isError], ["timeout", true]);
  assert.match(text, /status: timeout; timeout: interrupted after 200 ms/);
});

Deno.test("run_code() cuts long output in the middle, and read_output() reads all of it", async () => {
  await using server = createAgentServer({ MCP_OUTPUT_CHARACTERS: "1000" });
  await using agent = await connectAgent(server);
  const code = "for i in range(2000): print('line', i)";
  const whole = Array.from({ length: 2_000 }, (_, i) => `line ${i}\n`).join("");
  const { text, structured: { run, complete, characters } } = await agent.call("run_code", {
    code,
  });
  assert.deepEqual([complete, characters], [false, whole.length]);
  assert(text.length < 1_500, `it has ${text.length}`);
  assert.match(text, /^line 0\n/);
  assert.match(text, /characters are left out here: read_output\(run="r-\w+", offset=\d+\)/);
  assert.match(text, /line 1999\n\[session/);
  let read = "";
  for (let offset: number | null = 0; offset !== null;) {
    const { structured }: { structured: { text: string; next_offset: number | null } } = await agent
      .call("read_output", { run, offset, limit: 5_000 });
    read += structured.text;
    offset = structured.next_offset;
  }
  assert.equal(read, whole);
  const beyond = await agent.call("read_output", { run, offset: whole.length + 1 });
  assert.match(beyond.text, /offset: the output has \d+ characters so far/);
});

Deno.test("run_code() shows images, tables and other rich outputs", async () => {
  await using server = createAgentServer();
  await using agent = await connectAgent(server);
  const pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const code = `from IPython.display import display, Image, HTML
import base64
display(Image(base64.b64decode("${pixel}")))
display(HTML("<table><tr><td>7</td></tr></table>"))
display({"text/plain": "a table", "text/html": "<table></table>"}, raw=True)`;
  const { content, structured, text } = await agent.call("run_code", { code });
  const image = content.find(({ type }) => type === "image");
  assert(image?.type === "image");
  assert.deepEqual([image.mimeType, image.data], ["image/png", pixel]);
  assert.match(text, /\[output 0: image\/png\]\n<table><tr><td>7<\/td><\/tr><\/table>\na table\n/);
  assert.deepEqual(structured.displays.map(({ index }: { index: number }) => index), [0, 1, 2]);
  const table = await agent.client.readResource({ uri: structured.displays[1].uri });
  assert.deepEqual(table.contents.map((it) => "text" in it && [it.mimeType, it.text]), [
    ["text/html", "<table><tr><td>7</td></tr></table>"],
  ]);
  const blob = await agent.client.readResource({ uri: structured.displays[0].uri });
  assert.deepEqual(blob.contents.map((it) => "blob" in it && it.blob), [pixel]);
});

Deno.test("run_code() answers with less than a mebibyte whatever is printed and shown", async () => {
  await using server = createAgentServer({ MCP_OUTPUT_CHARACTERS: "50000" });
  await using agent = await connectAgent(server);
  const code = `import sys, os, base64
print("\\0\\x01" * 1_000_000); print("\\u4e2d" * 1_000_000)
print("\\x02" * 100_000, file=sys.stderr)
from IPython.display import display
for i in range(60):
    display({"image/png": base64.b64encode(os.urandom(90_000)).decode()}, raw=True)
raise ValueError("\\x03" * 1_000_000)`;
  const { content, structured } = await agent.call("run_code", { code });
  const { length } = new TextEncoder().encode(JSON.stringify({ content, structured }));
  assert(length < 1_000_000, `it has ${length}`);
  assert(content.some(({ type }) => type === "image"));
  assert(content.some(({ type }) => type === "resource_link"));
});

Deno.test("run_code() writes files first and links artifacts", async () => {
  await using server = createAgentServer();
  await using agent = await connectAgent(server);
  const { structured, content, text } = await agent.call("run_code", {
    code: "data = open('in/a.txt').read() + str(len(open('b.bin', 'rb').read()))\n" +
      "open('out.txt', 'w').write(data)\ndata",
    files: [{ path: "in/a.txt", text: "é" }, { path: "b.bin", base64: "AAEC" }],
    artifacts: ["out.txt", "missing.txt"],
  });
  assert.equal(structured.result, "'é3'");
  assert.deepEqual(
    structured.artifacts.map(({ path, size }: { path: string; size: number }) => [
      path,
      size,
    ]),
    [["/home/pyodide/out.txt", 3]],
  );
  assert(content.some(({ type }) => type === "resource_link"));
  assert.match(text, /Cannot find "missing.txt"/);
});

for (
  const [what, args, message] of [
    ["there is no code", {}, /code/],
    ["an argument is unknown", { code: "1", sesion: "x" }, /sesion/],
    ["the name of the session is none", { code: "1", session: "a b" }, /use 1 to 128 letters/],
    ["a file has no content", { code: "1", files: [{ path: "a" }] }, /either text or base64/],
    ["a file is no Base64", { code: "1", files: [{ path: "a", base64: "?" }] }, /not Base64/],
    ["a session has ended", { code: "1", session: "s-0123456789abcdef" }, /has ended/],
  ] as const
) {
  Deno.test(`run_code() says what is wrong when ${what}, and nothing runs`, async () => {
    await using server = createAgentServer();
    await using agent = await connectAgent(server);
    const { isError, text } = await agent.call("run_code", args);
    assert.equal(isError, true);
    assert.match(text, message);
    assert.deepEqual((await server.json(200, "GET", "/api/executions")).executions, []);
  });
}

Deno.test("run_code() runs the code of two agents that name one session in that session, in turn", async () => {
  await using server = createAgentServer();
  await using a = await connectAgent(server, { era: "2025-11-25" });
  await using b = await connectAgent(server, { era: "2026-07-28" });
  const answers = await Promise.all([
    ...Array.from({ length: 10 }, () =>
      a.call("run_code", {
        code: "n = globals().get('n', 0) + 1",
        session: "shared",
      })),
    ...Array.from({ length: 10 }, () =>
      b.call("run_code", {
        code: "n = globals().get('n', 0) + 1",
        session: "shared",
      })),
  ]);
  assert.equal(answers.filter(({ structured }) => structured.new_session).length, 1);
  assert.equal(
    (await b.call("run_code", { code: "n", session: "shared" })).structured.result,
    "20",
  );
  assert.equal(server.kernels.listKernels().length, 1);
});
