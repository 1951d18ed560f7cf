import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { KernelManager, RemoteServerOptions } from "../../../../kernel/mod.ts";
import {
  type FakeChannels,
  type FakeJupyterBehaviour,
  FakeJupyterServer,
  specsOf,
} from "../../../support/fake_jupyter_server.ts";
import { createManager, nextEvent } from "../../../support/mod.ts";

/** A server that misbehaves, and a manager that knows it by the name "odd". */
function odd(
  behaviour: FakeJupyterBehaviour,
  options: Partial<RemoteServerOptions> = {},
): AsyncDisposable & { server: FakeJupyterServer; manager: KernelManager } {
  const stack = new AsyncDisposableStack();
  const server = stack.use(new FakeJupyterServer(behaviour));
  const manager = stack.use(createManager({ servers: { odd: { url: server.url, ...options } } }));
  return { server, manager, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Answers each cell with this content after the messages of `between`. */
function onCells(
  content: unknown,
  between: (channels: FakeChannels, header: unknown) => void = () => {},
): FakeJupyterBehaviour {
  return {
    onMessage(message, channels) {
      if (message.header.msg_type !== "execute_request") return false;
      channels.answer(message, content, () => between(channels, message.header));
      return true;
    },
  };
}

const OK = { status: "ok", execution_count: 1 };

Deno.test("a kernel lives on when its server sends what is no message", async () => {
  const frames = [
    "",
    "null",
    "[]",
    "{",
    "\u0000",
    "{}",
    JSON.stringify({ channel: "iopub", header: { msg_id: 1, msg_type: {} } }),
    JSON.stringify({ channel: "elsewhere", header: { msg_id: "a", msg_type: "status" } }),
    JSON.stringify({ channel: "iopub", header: { msg_id: "a", msg_type: "status" }, content: 7 }),
    `{"channel":"iopub","header":${"[".repeat(100_000)}`,
    `{"channel":"iopub","header":{"msg_id":"a","msg_type":"display_data"},"content":{"data":${
      "[".repeat(5_000) + "]".repeat(5_000)
    }}}`,
    new Uint8Array(0),
    new Uint8Array([255, 255, 255, 255]),
    new Uint8Array(64).fill(255),
  ];
  await using place = odd({
    ...onCells(OK, (channels) => frames.forEach((frame) => channels.raw(frame))),
    onOpen: (channels) => frames.forEach((frame) => channels.raw(frame)),
  });
  const id = await place.manager.createKernel({ server: "odd" });
  const { status, outputs } = await place.manager.execute(id, "1");
  assert.equal(status, "ok");
  assert.match(JSON.stringify(outputs), /output was lost|left out/i);
  assert.equal((await place.manager.execute(id, "2")).status, "ok");
});

Deno.test("a kernel lives on when messages have other types than they are meant to have", async () => {
  const contents = [{}, { status: 5 }, { text: [] }, { data: 1 }, { traceback: "x", ename: 3 }];
  const types = ["status", "stream", "display_data", "error", "execute_result", "execute_input"];
  await using place = odd(onCells(OK, (channels, header) => {
    for (const content of contents) {
      for (const type of [...types, "input_request", "comm_open", "shutdown_reply", "__proto__"]) {
        if (type === "shutdown_reply") continue;
        channels.send(type === "input_request" ? "stdin" : "iopub", type, content, header);
        channels.send("iopub", type, content);
        channels.send("iopub", type, content, { msg_id: "unknown" });
      }
      channels.send("shell", "execute_reply", content, { msg_id: "unknown" });
    }
  }));
  const id = await place.manager.createKernel({ server: "odd" });
  assert.equal((await place.manager.execute(id, "1")).status, "ok");
  assert.equal((await place.manager.execute(id, "2")).status, "ok");
});

for (
  const [what, content, ename] of [
    ["no members", {}, "ConnectionLost"],
    ["an error without its parts", { status: "error" }, "Error"],
    ["an error whose traceback is null", {
      status: "error",
      ename: "E",
      evalue: "v",
      traceback: null,
    }, "E"],
    ["members of other types", {
      status: "ok",
      execution_count: "many",
      payload: 1,
    }, "ConnectionLost"],
  ] as const
) {
  Deno.test(`execute() ends with an error when the reply has ${what}`, async () => {
    await using place = odd(onCells(content));
    const id = await place.manager.createKernel({ server: "odd" });
    const { status, error } = await place.manager.execute(id, "1");
    assert.deepEqual([status, error?.ename], ["error", ename]);
  });
}

for (const missing of ["execute_reply", "status"] as const) {
  Deno.test(`execute() ends when the ${missing} of its end never comes`, async () => {
    await using place = odd({
      onMessage({ header }, channels) {
        if (header.msg_type !== "execute_request") return false;
        if (missing === "status") channels.send("shell", "execute_reply", OK, header);
        else channels.send("iopub", "status", { execution_state: "idle" }, header);
        return true;
      },
    }, { requestTimeoutMs: 1_500 });
    const id = await place.manager.createKernel({ server: "odd" });
    const { status, lost } = await place.manager.execute(id, "1");
    assert.deepEqual([status, lost], [
      missing === "status" ? "ok" : "error",
      "outputs while disconnected",
    ]);
  });
}

Deno.test("calls fail with the server's name when the kernel's answers are none", async () => {
  await using place = odd({
    onMessage(message, channels) {
      if (!/^(complete|inspect|comm_info)/.test(message.header.msg_type)) return false;
      channels.answer(message, { comms: { a: null }, matches: 5 });
      return true;
    },
  });
  const id = await place.manager.createKernel({ server: "odd" });
  const kernel = place.manager.getKernel(id);
  for (const call of [kernel.complete("a", 1), kernel.inspect("a", 1), kernel.comms()]) {
    await assert.rejects(call, { code: "protocol_violation", message: /"odd"/ });
  }
});

Deno.test("createKernel() fails in time when the websocket opens and says nothing", async () => {
  await using place = odd({ onMessage: () => true }, { requestTimeoutMs: 1_500 });
  await assert.rejects(place.manager.createKernel({ server: "odd" }), {
    code: "start_failed",
    message: /did not answer within 1.5 s/,
  });
  assert.equal(place.server.requests.at(-1), "DELETE /api/kernels/k1");
});

Deno.test("createKernel() fails in time when an answer does not end, and refuses a huge one", async () => {
  for (
    const [chunk, pause, code] of [[1, 20, "timeout"], [2 ** 20, 0, "limit_exceeded"]] as const
  ) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        async pull(controller) {
          if (pause > 0) await new Promise<void>((resolve) => timer = setTimeout(resolve, pause));
          controller.enqueue(new Uint8Array(chunk).fill(32));
        },
        cancel: () => clearTimeout(timer),
      });
    await using place = odd({ rest: () => new Response(endless()) }, {
      requestTimeoutMs: pause > 0 ? 300 : 20_000,
    });
    await assert.rejects(place.manager.createKernel({ server: "odd" }), { code });
  }
});

Deno.test("createKernel() names few of 10,000 kinds, and finds none that the table has not", async () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `kind-${index}`);
  await using place = odd({
    rest: (_, path) => path === "/api/kernelspecs" ? Response.json(specsOf(names)) : undefined,
  });
  for (const kernelName of ["constructor", "toString", "no-such"]) {
    const error: unknown = await place.manager.createKernel({ server: "odd", kernelName })
      .then(() => undefined, (it) => it);
    assert(error instanceof Error);
    assert.match(error.message, /kind-0.*9980 others/);
    assert(error.message.length < 1_000);
  }
  assert.equal((await place.manager.listRemoteKernelSpecs("odd")).length, 10_000);
});

for (const id of ["..", ".", ""]) {
  Deno.test(`createKernel() asks for no other path when the kernel's id is "${id}"`, async () => {
    await using place = odd({
      rest: ({ method }) => method === "POST" ? Response.json({ id, name: "python3" }) : undefined,
    });
    await assert.rejects(place.manager.createKernel({ server: "odd" }), {
      code: "start_failed",
      message: /does not answer as a Jupyter server does/,
    });
    assert.deepEqual(place.server.requests, ["GET /api/kernelspecs", "POST /api/kernels"]);
  });
}

Deno.test("errors do not repeat a token that the server repeats", async () => {
  await using place = odd({
    rest: (request) =>
      Response.json({ message: `no: ${request.headers.get("authorization")}` }, { status: 500 }),
  }, { token: "s3cr3t-of-somebody" });
  await assert.rejects(place.manager.createKernel({ server: "odd" }), {
    message: /no: \[credential\]$/,
  });
});

Deno.test("a server that ends each websocket at once is asked less and less, and then is away", async () => {
  let holds = true;
  await using place = odd({
    onOpen: (channels) => void (holds || channels.close()),
  }, { reconnectTimeoutMs: 1_500 });
  await place.manager.createKernel({ server: "odd" });
  const ended = nextEvent(place.manager, "kernel_terminated");
  holds = false;
  const before = place.server.requests.length;
  for (const socket of place.server.sockets) socket.close();
  assert.match((await ended).reason, /away for 1.5 s/);
  // Each attempt is two requests, and the pauses double from a tenth of a second.
  assert(place.server.requests.length - before < 20, String(place.server.requests.length));
});

Deno.test("a cell that is sent while the connection is lost runs, and is not said to be lost", async () => {
  let away = false;
  const back = Promise.withResolvers<void>();
  await using place = odd({
    rest: async () => {
      if (away) await back.promise;
      return undefined;
    },
  });
  const id = await place.manager.createKernel({ server: "odd" });
  const unreachable = nextEvent(place.manager, "status", ({ status }) => status === "unreachable");
  away = true;
  for (const socket of place.server.sockets) socket.close();
  await unreachable;
  const running = place.manager.execute(id, "1");
  await nextEvent(place.manager, "status", ({ status }) => status === "busy");
  back.resolve();
  const { status, lost } = await running;
  assert.deepEqual([status, lost], ["ok", "outputs while disconnected"]);
});

Deno.test("terminateKernel() ends the kernel on its server while it waits to be started again", async () => {
  await using place = odd({
    onMessage(message, channels) {
      if (message.header.msg_type !== "execute_request") return false;
      channels.send("iopub", "status", { execution_state: "dead" });
      return true;
    },
  }, { crashDelayMs: 60_000 });
  const id = await place.manager.createKernel({ server: "odd" });
  const restarting = nextEvent(place.manager, "status", ({ status }) => status === "restarting");
  const running = place.manager.execute(id, "1");
  await restarting;
  await place.manager.terminateKernel(id);
  assert.equal((await running).status, "aborted");
  assert.equal(place.server.requests.at(-1), "DELETE /api/kernels/k1");
  assert.equal(place.server.requests.includes("POST /api/kernels/k1/restart"), false);
});

Deno.test("a kernel that does not restart is ended on its server", async () => {
  await using place = odd({
    rest: (_, path) => path.endsWith("/restart") ? new Response(null, { status: 500 }) : undefined,
  });
  const id = await place.manager.createKernel({ server: "odd" });
  await assert.rejects(place.manager.restartKernel(id));
  assert.equal(place.server.requests.at(-1), "DELETE /api/kernels/k1");
});

Deno.test("a kernel that somebody else restarts loses its state, aborts its cell and goes on", async () => {
  let cells = 0;
  await using place = odd({
    onMessage(message, channels) {
      if (message.header.msg_type !== "execute_request" || cells++ > 0) return false;
      channels.send("iopub", "shutdown_reply", { status: "ok", restart: true }, {
        msg_id: "another",
        session: "of somebody else",
      });
      return true;
    },
  }, { onCrash: "give_up" });
  const id = await place.manager.createKernel({ server: "odd" });
  const { status, kernel } = await place.manager.execute(id, "1");
  assert.deepEqual([status, kernel.statePreserved], ["aborted", false]);
  assert.equal((await place.manager.execute(id, "2")).status, "ok");
  assert.equal(place.server.requests.includes("POST /api/kernels/k1/restart"), false);
});

Deno.test("a server that floods leaves turns to everything else in this process", async () => {
  const count = 30_000;
  await using place = odd(onCells(OK, (channels, header) => {
    for (let index = 0; index < count; index++) {
      channels.send("iopub", "stream", { name: "stdout", text: "x".repeat(100) }, header);
    }
  }));
  const id = await place.manager.createKernel({ server: "odd" });
  let [seen, before, most] = [0, 0, 0];
  using _subscription = place.manager.getKernel(id).events.on("stream", () => void seen++);
  let ended = false;
  const turns = (async () => {
    while (!ended) {
      await setImmediate();
      most = Math.max(most, seen - before);
      before = seen;
    }
  })();
  assert.equal((await place.manager.execute(id, "1")).status, "ok");
  ended = true;
  await turns;
  assert.equal(seen, count);
  assert.ok(most < count / 6, `${most} messages came in one turn`);
});
