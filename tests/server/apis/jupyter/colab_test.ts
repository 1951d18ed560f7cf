import assert from "node:assert/strict";
import { isNewer } from "../../../../server/apis/jupyter/colab/version.ts";
import { createServer, type TestServer, type TestServerOptions } from "../../../support/server.ts";

const TOKEN = "0123456789abcdef";
const COLAB = "https://colab.research.google.com";
const settings = { ALLOWED_KERNEL_MODES: "worker", ALLOWED_ORIGINS: COLAB, TOKEN };

/** A websocket of Colab's page. */
interface ColabSocket extends AsyncDisposable {
  socket: WebSocket;
  /** Sends a message and returns the messages that answer it, up to the last one. */
  // deno-lint-ignore no-explicit-any -- answers are looked at field by field
  ask(message: unknown): Promise<any[]>;
  closed: Promise<CloseEvent>;
}

async function connect(
  server: TestServer,
  path: string,
  origin = COLAB,
): Promise<ColabSocket> {
  const url = (await server.listen()).replace("http", "ws") + path;
  // Deno's websockets may have headers of their own, which the type that browsers share does not know.
  const options = { headers: { Origin: origin } } as unknown as string[];
  const socket = new WebSocket(url, options);
  const closed = Promise.withResolvers<CloseEvent>();
  socket.addEventListener("close", closed.resolve, { once: true });
  const opened = Promise.withResolvers<unknown>();
  socket.addEventListener("open", opened.resolve, { once: true });
  socket.addEventListener("error", () => opened.reject(new Error("refused")), { once: true });
  await opened.promise.catch(async (error) => {
    await closed.promise;
    throw error;
  });
  return {
    socket,
    closed: closed.promise,
    async ask(message) {
      const answers: { done?: boolean }[] = [];
      const done = Promise.withResolvers<void>();
      const listener = ({ data }: MessageEvent) => {
        const answer = JSON.parse(data);
        answers.push(answer);
        if (answer.done !== false) done.resolve();
      };
      socket.addEventListener("message", listener);
      socket.send(typeof message === "string" ? message : JSON.stringify(message));
      await done.promise;
      socket.removeEventListener("message", listener);
      return answers;
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await closed.promise;
    },
  };
}

async function withColab(
  body: (server: TestServer, socket: ColabSocket) => Promise<void>,
  options: TestServerOptions = { settings },
): Promise<void> {
  await using server = createServer(options);
  const origin = encodeURIComponent(await server.listen());
  const login = `jupyter_http_over_ws_auth_url=${origin}%2F%3Ftoken%3D${TOKEN}`;
  await using socket = await connect(
    server,
    `/http_over_websocket?min_version=0.0.1a3&${login}`,
  );
  await body(server, socket);
}

function jsonOf(answers: { data?: string }[]) {
  const bytes = answers.map(({ data }) => [...Uint8Array.fromBase64(data ?? "")]).flat();
  return JSON.parse(new TextDecoder().decode(new Uint8Array(bytes)));
}

Deno.test("/http_over_websocket answers requests, with bodies in both forms", () =>
  withColab(async (_server, { ask }) => {
    const [started] = await ask({
      message_id: "1",
      path: "/api/kernels",
      method: "post",
      body: '{"name": "python3"}',
    });
    assert.deepEqual([started.message_id, started.status, started.statusText, started.done], [
      "1",
      201,
      "Created",
      true,
    ]);
    assert.match(started.headers["location"], /^\/api\/kernels\//);
    const second = await ask({
      message_id: "2",
      path: "/api/kernels",
      method: "POST",
      body_base64: btoa("{}"),
    });
    assert.equal(second[0].status, 201);
    const list = await ask({ message_id: "3", path: "/api/kernels", method: "GET" });
    assert.equal(jsonOf(list).length, 2);
    const { id } = jsonOf([started]);
    const ended = await ask({ message_id: "4", path: `/api/kernels/${id}`, method: "DELETE" });
    assert.deepEqual([ended[0].status, ended[0].data, ended[0].done], [204, undefined, true]);
  }));

Deno.test("/http_over_websocket says what is wrong with a message, and goes on", () =>
  withColab(async (_server, { ask }) => {
    const cases: [unknown, unknown, RegExp][] = [
      ["no json", undefined, /message/],
      [{ message_id: "a", method: "GET" }, "a", /^path: /],
      [{ message_id: "b", path: "api", method: "GET" }, "b", /^path: /],
      [{ message_id: "c", path: "/api", method: "CONNECT" }, "c", /^method: /],
      [{ message_id: "d", path: "/api", method: "GET x" }, "d", /^method: /],
      [{ message_id: "e", path: "/api", method: "POST", body_base64: "!" }, "e", /^body_base64: /],
    ];
    for (const [message, id, problem] of cases) {
      const [answer] = await ask(message);
      assert.deepEqual([answer.message_id, answer.status, answer.done], [id, 400, true]);
      assert.match(answer.statusText, problem);
    }
    const [missing] = await ask({ message_id: 7, path: "//evil.example/api", method: "GET" });
    assert.equal(missing.status, 404);
    const nested = await ask({ message_id: 8, path: "/http_over_websocket", method: "GET" });
    assert.equal(nested[0].status, 426);
    const wrong = await ask({ message_id: 9, path: "/api/kernels", method: "POST", body: "{" });
    assert.equal(wrong[0].status, 400);
  }));

Deno.test("/http_over_websocket streams a long answer in parts, the last one marked", async () => {
  await withColab(async (server, { ask }) => {
    const id = await start(server);
    const answers = await ask({
      message_id: "s",
      path: `/api/kernels/${id}/executions`,
      method: "POST",
      body: JSON.stringify({ code: "for i in range(3): print(i)" }),
    });
    assert.equal(answers.at(-1).done, true);
    assert(answers.slice(0, -1).every(({ done, message_id }) => !done && message_id === "s"));
    assert.equal(answers[0].status, 200);
  });
});

Deno.test("/http_over_websocket has the door of everything: token, origin, version", async () => {
  await using server = createServer({ settings });
  for (
    const [path, origin] of [
      ["/http_over_websocket", COLAB],
      ["/http_over_websocket?token=wrong", COLAB],
      [`/http_over_websocket?token=${TOKEN}`, "https://evil.example"],
      ["/http_over_websocket/diagnose", COLAB],
      ["/http_over_websocket/proxied_ws/api/events/subscribe", COLAB],
      [`/http_over_websocket/proxied_ws/api/kernels/none/channels?token=${TOKEN}`, COLAB],
      [`/http_over_websocket/proxied_ws/http_over_websocket?token=${TOKEN}`, COLAB],
    ] as const
  ) {
    await assert.rejects(connect(server, path, origin), /refused/, path);
  }
  for (const version of ["9.0", "new"]) {
    const path = `/http_over_websocket?token=${TOKEN}&min_version=${version}`;
    await using socket = await connect(server, path);
    assert.equal((await socket.closed).code, 4400);
  }
});

Deno.test("/http_over_websocket/diagnose tells the version", async () => {
  await using server = createServer({ settings });
  await using socket = await connect(
    server,
    `/http_over_websocket/diagnose?token=${TOKEN}&min_version=0.0.1a3`,
  );
  assert.deepEqual(await socket.ask("m1"), [{
    message_id: "m1",
    extension_version: "0.0.8",
    has_authentication_cookie: false,
    is_outdated_extension: false,
  }]);
});

Deno.test("/http_over_websocket/proxied_ws passes a kernel's channels on", async () => {
  await using server = createServer({ settings });
  const id = await start(server);
  await using colab = await connect(
    server,
    `/http_over_websocket/proxied_ws/api/kernels/${id}/channels?session_id=c&token=${TOKEN}`,
  );
  const reply = Promise.withResolvers<Record<string, unknown>>();
  colab.socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (message.header.msg_type === "execute_reply") reply.resolve(message.content);
  });
  const header = { msg_id: "x1", msg_type: "execute_request", username: "", session: "c" };
  colab.socket.send(JSON.stringify({
    ...{ header, channel: "shell", parent_header: {}, metadata: {} },
    content: { code: "1" },
  }));
  assert.equal((await reply.promise)["status"], "ok");
});

Deno.test("isNewer() orders versions as Python does", () => {
  for (const version of ["0.0.9", "0.1", "1.0a1", "0.0.10"]) assert.equal(isNewer(version), true);
  for (const version of ["0.0.8", "0.0.8a1", "0.0.8b9", "0.0.1a3", "0.0"]) {
    assert.equal(isNewer(version), false);
  }
  for (const version of ["", "1", "1.2.3.4", "x", "1.0rc1"]) {
    assert.equal(isNewer(version), undefined);
  }
});

async function start(server: TestServer): Promise<string> {
  const response = await server.request("POST", `/api/kernels?token=${TOKEN}`, {});
  assert.equal(response.status, 201);
  return (await response.json()).id;
}
