import assert from "node:assert/strict";
import { V1_PROTOCOL } from "../../../../server/apis/jupyter/channels/frames.ts";
import { about, connectChannels, disconnected } from "../../../support/channels_client.ts";
import { fakeManager } from "../../../support/fake_host.ts";
import { createServer } from "../../../support/server.ts";

const settings = { ALLOWED_KERNEL_MODES: "worker" };

for (const protocol of [true, false]) {
  Deno.test(`/channels speaks ${protocol ? V1_PROTOCOL : "the older framing"}`, async () => {
    await using server = createServer({ settings });
    const id = await server.createKernel();
    await using client = await connectChannels(server, id, { protocol });
    const asked = client.send("execute_request", { code: "print(1)\n2" });
    const reply = await client.find(about(asked, "execute_reply"));
    assert.equal(reply.content["status"], "ok");
    const said = client.messages.filter(({ channel }) => channel === "iopub");
    assert.deepEqual(said.map(({ header }) => header.msg_type), [
      "status",
      "execute_input",
      "stream",
      "execute_result",
      "status",
    ]);
    for (const { parent_header, header } of client.messages) {
      assert.equal(parent_header["msg_id"], asked);
      assert(Object.values(header).every((value) => typeof value === "string" && value));
    }
  });
}

Deno.test("/channels is refused without the token and for kernels that there are not", async () => {
  const TOKEN = "0123456789abcdef";
  await using server = createServer({ settings: { ...settings, TOKEN } });
  const origin = await server.listen();
  const upgrade = async (path: string) => {
    const response = await fetch(origin + path, {
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
      },
    });
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await upgrade("/api/kernels/none/channels"), 403);
  assert.equal(await upgrade("/api/kernels/none/channels?token=wrong"), 403);
  assert.equal(await upgrade(`/api/kernels/none/channels?token=${TOKEN}`), 404);
  const plain = await server.request("GET", "/api/kernels/none/channels", undefined, {
    Authorization: `token ${TOKEN}`,
  });
  assert.equal(plain.status, 404);
});

Deno.test("/channels keeps what is said while a session is away, for that session", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  let asked: string;
  {
    await using client = await connectChannels(server, id, { session: "mine" });
    asked = client.send("execute_request", { code: "input()\nprint('late')", allow_stdin: true });
    await client.find(about(asked, "input_request"));
  }
  await disconnected(server, id);
  const { done } = server.executions.getLive(asked)!;
  assert(await server.executions.answerInput(asked, ""));
  await done;
  {
    await using back = await connectChannels(server, id, { session: "mine" });
    const late = await back.find(about(asked, "stream"));
    assert.deepEqual(late.content, { name: "stdout", text: "late\n" });
    await back.find(about(asked, "execute_reply"));
    back.send("execute_request", { code: "print('for nobody')" });
    await back.find(({ header }) => header.msg_type === "execute_input");
  }
  await disconnected(server, id);
  await server.kernels.execute(id, "print('missed')");
  await using other = await connectChannels(server, id, { session: "other" });
  const info = other.send("kernel_info_request", {});
  await other.find(about(info, "kernel_info_reply"));
  assert.deepEqual(other.messages.filter(({ header }) => header.msg_type === "stream"), []);
});

Deno.test("/channels closes the older connection of a session", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  await using older = await connectChannels(server, id, { session: "one" });
  await using newer = await connectChannels(server, id, { session: "one" });
  await older.closed;
  const asked = newer.send("execute_request", { code: "1" });
  await newer.find(about(asked, "execute_reply"));
  assert.equal((await server.json(200, "GET", `/api/kernels/${id}`)).connections, 1);
});

Deno.test("/channels survives what is no message and types that it does not know", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  await using client = await connectChannels(server, id);
  client.socket.send("{}");
  client.socket.send(new Uint8Array(100));
  client.send("no_such_request", {});
  client.send("debug_request", { seq: 7, command: "noSuchCommand" }, "control");
  const debug = await client.find(({ header }) => header.msg_type === "debug_reply");
  assert.deepEqual([debug.channel, debug.content["success"], debug.content["request_seq"]], [
    "control",
    false,
    7,
  ]);
  const wrong = client.send("complete_request", { code: 7 });
  const refused = await client.find(about(wrong, "complete_reply"));
  assert.equal(refused.content["status"], "error");
  assert.match(String(refused.content["evalue"]), /^code: /);
  const unrunnable = client.send("execute_request", { code: null });
  const reply = await client.find(about(unrunnable, "execute_reply"));
  assert.deepEqual([reply.content["status"], reply.content["ename"]], ["error", "ValueError"]);
  const odd = `<${"ö".repeat(200)}: 1>`;
  const asked = client.send("execute_request", { code: "1" }, "shell", odd);
  assert.equal((await client.find(about(asked, "execute_reply"))).content["status"], "ok");
  const again = client.send("execute_request", { code: "2" }, "shell", odd);
  await client.find(({ content }) => content["execution_count"] === 2 && "status" in content);
  assert.equal(again, odd);
});

Deno.test("/channels answers control while the shell is busy, and shuts down", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  await using client = await connectChannels(server, id);
  const endless = client.send("execute_request", { code: "while True: pass" });
  await client.find(about(endless, "execute_input"));
  const info = client.send("kernel_info_request", {}, "control");
  assert.equal((await client.find(about(info, "kernel_info_reply"))).channel, "control");
  const interrupt = client.send("interrupt_request", {}, "control");
  await client.find(about(interrupt, "interrupt_reply"));
  const reply = await client.find(about(endless, "execute_reply"));
  assert.equal(reply.content["ename"], "KeyboardInterrupt");
  const restart = client.send("shutdown_request", { restart: true }, "control");
  await client.find(about(restart, "shutdown_reply"));
  await client.find(({ header, content }) =>
    header.msg_type === "status" && content["execution_state"] === "starting"
  );
  const fresh = client.send("execute_request", { code: "1" });
  assert.equal((await client.find(about(fresh, "execute_reply"))).content["execution_count"], 1);
  const end = client.send("shutdown_request", { restart: false }, "control");
  await client.find(about(end, "shutdown_reply"));
  assert.equal((await client.closed).code, 1000);
  await client.find(({ content }) => content["execution_state"] === "dead");
  assert.deepEqual(server.kernels.listKernels(), []);
});

Deno.test("/channels tells a client that comes back that a cell runs, until it ends", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  await using first = await connectChannels(server, id);
  const cell = first.send("execute_request", { code: "input()", allow_stdin: true });
  await first.find(about(cell, "input_request"));
  await using second = await connectChannels(server, id);
  const states = () =>
    second.messages.filter(({ header }) => header.msg_type === "status")
      .map(({ content, parent_header }) => [content["execution_state"], parent_header["msg_id"]]);
  const info = second.send("kernel_info_request", {});
  await second.find(about(info, "kernel_info_reply"));
  // A later request shows that no status of the former one is on its way.
  const asked = second.send("is_complete_request", { code: "1" });
  await second.find(about(asked, "is_complete_reply"));
  await second.find(({ content, parent_header }) =>
    content["execution_state"] === "busy" && parent_header["msg_id"] === cell
  );
  assert.deepEqual(states(), [["busy", info], ["busy", asked], ["idle", asked], ["busy", cell]]);
  const control = second.send("kernel_info_request", {}, "control");
  await second.find(about(control, "kernel_info_reply"));
  assert(await server.executions.answerInput(cell, ""));
  await second.find(({ content, parent_header }) =>
    content["execution_state"] === "idle" && parent_header["msg_id"] === info
  );
  assert.deepEqual(states().slice(4), [
    ["busy", control],
    ["idle", control],
    ["busy", cell],
    ["idle", cell],
    ["idle", info],
  ]);
});

Deno.test("/channels tells a Jupyter client that a cell of another API runs", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  const body = { code: "input()", id: "native-1", allowStdin: true, wait: false };
  await server.json(202, "POST", `/api/kernels/${id}/executions`, body);
  while ((await server.json(200, "GET", `/api/kernels/${id}`)).execution_state !== "busy");
  await using client = await connectChannels(server, id);
  const info = client.send("kernel_info_request", {});
  await client.find(about(info, "kernel_info_reply"));
  const asked = client.send("comm_info_request", {});
  await client.find(about(asked, "comm_info_reply"));
  await client.find(({ content, parent_header }) =>
    content["execution_state"] === "busy" && parent_header["msg_id"] !== info &&
    parent_header["msg_id"] !== asked
  );
  assert(await server.executions.answerInput("native-1", ""));
  await client.find(({ content, parent_header }) =>
    content["execution_state"] === "idle" && parent_header["msg_id"] === info
  );
});

Deno.test("/channels gives up on a kernel that dies again and again", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  await using client = await connectChannels(server, id);
  for (let deaths = 1; deaths <= 6; deaths++) {
    const last = client.send("execute_request", { code: "import os\nos._exit(1)" });
    await client.find(about(last, "execute_reply"));
    if (deaths === 6) break;
    await client.find(() =>
      client.messages.filter(({ content }) => content["execution_state"] === "starting").length ===
        deaths
    );
  }
  await client.find(({ content }) => content["execution_state"] === "dead");
  assert.equal(server.kernels.getKernel(id).status, "dead");
});

Deno.test("/channels leaves outputs out for a client that does not read, and says so", async () => {
  await using server = createServer({
    settings: { ...settings, KERNEL_LIMITS: "outputBytes=100000000" },
  });
  const id = await server.createKernel();
  const { hostname, port, host } = new URL(await server.listen());
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(
    `GET /api/kernels/${id}/channels HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\n` +
      "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
      "Sec-WebSocket-Version: 13\r\n\r\n",
  ));
  const chunk = new Uint8Array(1 << 20);
  await connection.read(chunk);
  const flood = await server.kernels.execute(id, "for _ in range(80): print('x' * 1_000_000)");
  assert.equal(flood.status, "ok");
  const decoder = new TextDecoder();
  let total = 0;
  let text = "";
  const readTo = async (end: string) => {
    for (let size; !text.includes(end) && (size = await connection.read(chunk)) !== null;) {
      total += size;
      text = text.slice(-10_000) + decoder.decode(chunk.subarray(0, size), { stream: true });
    }
  };
  await readTo('"execution_state":"idle"');
  assert(total > 1_000_000 && total < 40_000_000, String(total));
  text = "";
  await server.kernels.execute(id, "'after'");
  await readTo("after");
  assert.match(text, /\d outputs are missing here: they came faster/);
});

Deno.test("/channels refuses requests beyond a number while a kernel answers none, but no interrupt", async () => {
  const answer = Promise.withResolvers<never>();
  answer.promise.catch(() => {});
  await using fake = fakeManager((host) => host.call = () => answer.promise);
  await using server = createServer({ manager: fake.manager });
  const id = await server.createKernel();
  await using client = await connectChannels(server, id);
  const ask = () => client.send("is_complete_request", { code: "1" });
  const first = ask();
  for (let count = 1; count < 4_096; count++) ask();
  const refused = await client.find(about(ask(), "is_complete_reply"));
  assert.match(String(refused.content["evalue"]), /^Too many requests wait for the kernel/);
  const interrupt = client.send("interrupt_request", {}, "control");
  await client.find(about(interrupt, "interrupt_reply"));
  answer.reject(new Error("it answers"));
  assert.equal(
    (await client.find(about(first, "is_complete_reply"))).content["evalue"],
    "it answers",
  );
  const again = await client.find(about(ask(), "is_complete_reply"));
  assert.equal(again.content["evalue"], "it answers");
});
