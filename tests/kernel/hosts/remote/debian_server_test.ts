import assert from "node:assert/strict";
import type { KernelManager } from "../../../../kernel/mod.ts";
import { type JupyterServer, startJupyterServer } from "../../../support/jupyter_server.ts";
import { createManager, nextEvent, temporaryDirectory } from "../../../support/mod.ts";
import { TcpProxy } from "../../../support/tcp_proxy.ts";

const open = new AsyncDisposableStack();
let server: JupyterServer;

Deno.test.beforeAll(async () => {
  const directory = open.use(await temporaryDirectory());
  server = open.use(await startJupyterServer("jupyter_server", directory.path));
});
Deno.test.afterAll(() => open.disposeAsync());

function managerOf(url = server.url): KernelManager {
  return createManager({ servers: { debian: { url, token: server.token } } });
}

Deno.test("an older server runs cells, shows errors, asks for input, and is interrupted and restarted", async () => {
  await using manager = managerOf();
  const id = await manager.createKernel({ server: "debian" });
  const kernel = manager.getKernel(id);
  assert.equal((await kernel.execute("x = 20; x + 1")).result?.data["text/plain"], "21");
  assert.equal((await kernel.execute("1 / 0")).error?.ename, "ZeroDivisionError");

  const asked = nextEvent(kernel, "input_request");
  const answering = kernel.execute("input('name? ')", { allowStdin: true });
  const { requestId, prompt } = await asked;
  assert.equal(prompt, "name? ");
  assert.equal(await kernel.answerInput(requestId, "Ada"), true);
  assert.equal((await answering).result?.data["text/plain"], "'Ada'");

  const begun = nextEvent(kernel, "stream");
  const looping = kernel.execute("print('on', flush=True)\nwhile True: pass");
  await begun;
  assert.equal(await kernel.interrupt(), true);
  assert.equal((await looping).error?.ename, "KeyboardInterrupt");
  assert.equal((await kernel.execute("x")).result?.data["text/plain"], "20");

  await manager.restartKernel(id);
  assert.equal((await kernel.execute("x")).error?.ename, "NameError");
});

Deno.test("an older server keeps files and carries the buffers of comms both ways", async () => {
  await using manager = managerOf();
  const kernel = manager.getKernel(await manager.createKernel({ server: "debian" }));
  const bytes = new Uint8Array(100_000).map((_, index) => index * 7);
  await kernel.files.write("/deep/data.bin", bytes);
  const read = await new Response((await kernel.files.read("/deep/data.bin")).stream).bytes();
  assert.deepEqual(read, bytes);

  await kernel.execute(
    "def opened(comm, message):\n" +
      "    version = message['metadata']['version']\n" +
      "    comm.on_msg(lambda m: comm.send({'got': m['content']['data'], 'version': version}, buffers=[bytes(m['buffers'][0])[::-1]]))\n" +
      "get_ipython().kernel.comm_manager.register_target('echo', opened)",
  );
  const commId = crypto.randomUUID();
  await kernel.openComm({ commId, targetName: "echo", data: {}, metadata: { version: "2.1.0" } });
  const answer = nextEvent(kernel, "comm_msg");
  await kernel.sendComm({ commId, data: { a: 1 }, metadata: {} }, [new Uint8Array([1, 2, 3])]);
  const { data, buffers } = await answer;
  assert.deepEqual([data, [...buffers![0]!]], [{ got: { a: 1 }, version: "2.1.0" }, [3, 2, 1]]);
});

Deno.test("an input() that waits while the connection is lost gets its answer afterwards", async () => {
  await using proxy = new TcpProxy(Number(new URL(server.url).port));
  await using manager = managerOf(`http://127.0.0.1:${proxy.port}/`);
  const kernel = manager.getKernel(await manager.createKernel({ server: "debian" }));
  const asked = nextEvent(kernel, "input_request");
  const answering = kernel.execute("input()", { allowStdin: true });
  const { requestId } = await asked;
  const unreachable = nextEvent(kernel, "status", ({ status }) => status === "unreachable");
  proxy.cut();
  await unreachable;
  const back = nextEvent(kernel, "status", ({ status }) => status === "busy");
  proxy.mend();
  await back;
  assert.equal(await kernel.answerInput(requestId, "late"), true);
  const { status, result, lost } = await answering;
  assert.deepEqual([status, result?.data["text/plain"], lost], [
    "ok",
    "'late'",
    "outputs while disconnected",
  ]);
});

Deno.test("a connection that is lost while the kernel is idle loses nothing", async () => {
  await using proxy = new TcpProxy(Number(new URL(server.url).port));
  await using manager = managerOf(`http://127.0.0.1:${proxy.port}/`);
  const kernel = manager.getKernel(await manager.createKernel({ server: "debian" }));
  await kernel.execute("x = 1");
  const unreachable = nextEvent(kernel, "status", ({ status }) => status === "unreachable");
  proxy.cut();
  await unreachable;
  const back = nextEvent(kernel, "status", ({ status }) => status === "idle");
  proxy.mend();
  await back;
  const { result, lost } = await kernel.execute("x");
  assert.deepEqual([result?.data["text/plain"], lost], ["1", undefined]);
});

Deno.test("a connection that is slow and late loses nothing", async () => {
  await using proxy = new TcpProxy(Number(new URL(server.url).port));
  proxy.pace = { bytes: 4_096, delayMs: 4 };
  await using manager = managerOf(`http://127.0.0.1:${proxy.port}/`);
  const kernel = manager.getKernel(await manager.createKernel({ server: "debian" }));
  const { result, outputs, lost } = await kernel.execute(
    "for i in range(300): print(i, 'x' * 500)\n'end'",
  );
  assert.deepEqual([result?.data["text/plain"], lost], ["'end'", undefined]);
  const text = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
  assert.equal(text.trim().split("\n").length, 300);
});

Deno.test("a connection that is cut in the middle of a frame is opened again, and the cell ends", async () => {
  await using proxy = new TcpProxy(Number(new URL(server.url).port));
  await using manager = managerOf(`http://127.0.0.1:${proxy.port}/`);
  const kernel = manager.getKernel(await manager.createKernel({ server: "debian" }));
  const unreachable = nextEvent(kernel, "status", ({ status }) => status === "unreachable");
  proxy.cutAfter(30_000);
  const running = kernel.execute("print('x' * 200_000)\n'end'");
  await unreachable;
  proxy.mend();
  const { lost } = await running;
  assert.equal(lost, "outputs while disconnected");
  const next = await kernel.execute("2");
  assert.deepEqual([next.result?.data["text/plain"], next.lost], ["2", undefined]);
});

Deno.test("two kernels that share a kernel of an older server learn of its restart", async () => {
  await using manager = managerOf();
  const own = await manager.createKernel({ server: "debian" });
  const [there] = await manager.listRemoteKernels("debian");
  const remoteKernelId = there!.id;
  const guest = await manager.createKernel({ server: "debian", remoteKernelId });
  await manager.execute(guest, "x = 1");
  assert.equal((await manager.execute(own, "x")).result?.data["text/plain"], "1");
  const begun = nextEvent(manager, "stream");
  const running = manager.execute(guest, "print(1, flush=True)\nimport time; time.sleep(60)");
  await begun;
  await manager.restartKernel(own);
  assert.equal((await running).status, "aborted");
  assert.equal((await manager.execute(guest, "x")).error?.ename, "NameError");
  await manager.terminateKernel(guest);
  assert.equal((await manager.execute(own, "2")).status, "ok");
  await manager.terminateKernel(own);
  assert.deepEqual(await manager.listRemoteKernels("debian"), []);
});

for (const knowsXsrf of [false, true]) {
  Deno.test(`a login's cookie is enough ${knowsXsrf ? "with" : "without"} the cookie against forgery`, async () => {
    const page = await fetch(`${server.url}/login`);
    await page.body?.cancel();
    const [xsrf] = cookiesOf(page);
    const login = await fetch(`${server.url}/login`, {
      method: "POST",
      redirect: "manual",
      headers: { Cookie: `_xsrf=${xsrf![1]}` },
      body: new URLSearchParams({ password: server.token, _xsrf: xsrf![1] }),
    });
    await login.body?.cancel();
    const cookies = Object.fromEntries([...cookiesOf(login), ...(knowsXsrf ? [xsrf!] : [])]);
    await using manager = createManager({ servers: { debian: { url: server.url, cookies } } });
    const kernel = manager.getKernel(await manager.createKernel({ server: "debian" }));
    assert.equal((await kernel.execute("1")).status, "ok");
    await kernel.files.write("/cookie.txt", new Uint8Array([65]));
    await manager.terminateKernel(kernel.id);
    assert.deepEqual(await manager.listRemoteKernels("debian"), []);
  });
}

Deno.test("a token in the address is the server's token", async () => {
  await using manager = createManager({
    servers: { debian: { url: `${server.url}/?token=${server.token}` } },
  });
  const id = await manager.createKernel({ server: "debian" });
  assert.equal((await manager.execute(id, "1")).status, "ok");
});

/** Returns the names and values of the cookies that an answer sets. */
function cookiesOf(response: Response): [string, string][] {
  return response.headers.getSetCookie().map((cookie) => {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
    return [name!, value!];
  });
}
