import assert from "node:assert/strict";
import {
  type KernelManager,
  KernelMode,
  type RemoteServerOptions,
} from "../../../../kernel/mod.ts";
import { type JupyterServer, startCurrentJupyterServer } from "../../../support/jupyter_server.ts";
import { createManager, nextEvent, temporaryDirectory } from "../../../support/mod.ts";
import { TcpProxy } from "../../../support/tcp_proxy.ts";

const open = new AsyncDisposableStack();
let server: JupyterServer;
let root: string;

Deno.test.beforeAll(async () => {
  const directory = open.use(await temporaryDirectory());
  root = directory.path;
  server = open.use(await startCurrentJupyterServer(directory.path, { base: "/user/ada" }));
});
Deno.test.afterAll(() => open.disposeAsync());

function remote(options: Partial<RemoteServerOptions> = {}): RemoteServerOptions {
  return { url: server.url, token: server.token, ...options };
}

function managerOf(options: Partial<RemoteServerOptions> = {}): KernelManager {
  return createManager({ servers: { gpu: remote(options) } });
}

/** Asks the server itself, past the library. */
async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { Authorization: `token ${server.token}` };
  return await fetch(`${server.url}/api/${path}`, { ...init, headers });
}

async function idsThere(): Promise<string[]> {
  return (await (await ask("kernels")).json()).map(({ id }: { id: string }) => id);
}

Deno.test("createKernel() takes the server's default kind and says what is decided elsewhere", async () => {
  await using manager = managerOf();
  const id = await manager.createKernel({ server: "gpu" });
  const { info } = manager.getKernel(id);
  assert.deepEqual(
    [info.mode, info.language, info.permissions, info.memoryBytes, info.limits.memoryMiB],
    [KernelMode.REMOTE, "python", "remote", null, null],
  );
  assert.deepEqual(info.remote, { server: "gpu", kernelName: "python3", path: null });
  const result = await manager.execute(id, "1 + 1");
  assert.deepEqual([result.usage.cpuMs, result.memoryBytes, result.lost], [null, null, undefined]);
});

Deno.test("createKernel() starts in a directory of the server", async () => {
  await Deno.mkdir(`${root}/project`);
  await using manager = managerOf();
  const id = await manager.createKernel({ server: "gpu", path: "project" });
  const { result } = await manager.execute(id, "import os; os.path.basename(os.getcwd())");
  assert.equal(result?.data["text/plain"], "'project'");
});

for (
  const [what, options, message] of [
    ["no server", { mode: KernelMode.REMOTE }, /server: name the server/],
    ["an unknown server", { server: "cpu" }, /no other server|Cannot find server "cpu": use "gpu"/],
    ["an address", { server: "http://127.0.0.1:1/" }, /Cannot find server/],
    ["an unknown kind", { server: "gpu", kernelName: "julia" }, /has no "julia"; use "python3"/],
    ["another language", { server: "gpu", language: "echo" }, /language: .*is for "python"/],
    [
      "a mount",
      { server: "gpu", mounts: [{ root: "/tmp", mountPoint: "/m" }] },
      /mounts: the server/,
    ],
    ["permissions", { server: "gpu", deno: { permissions: { net: true } } }, /deno: the server/],
    ["variables", { server: "gpu", env: { A: "1" } }, /env: the server/],
    ["a limit that nobody keeps", { server: "gpu", limits: { memoryMiB: 64 } }, /limits.memoryMiB/],
    [
      "a mode that runs here",
      { server: "gpu", mode: KernelMode.WORKER },
      /server: a "worker" kernel/,
    ],
    ["a kernel that is not there", { server: "gpu", remoteKernelId: "no-such" }, /no-such/],
    [
      "the id of a kernel with a path in it",
      { server: "gpu", remoteKernelId: "../x" },
      /remoteKernelId/,
    ],
  ] as const
) {
  Deno.test(`createKernel() refuses ${what} for a kernel of another server`, async () => {
    await using manager = managerOf();
    // The options are as a caller in JavaScript might give them.
    await assert.rejects(manager.createKernel(options as object), { message });
    assert.deepEqual(await idsThere(), []);
  });
}

Deno.test("terminateKernel() ends the kernel on its server, and leaves one that ran there already", async () => {
  await using manager = managerOf();
  const own = await manager.createKernel({ server: "gpu" });
  assert.equal((await idsThere()).length, 1);
  await manager.terminateKernel(own);
  assert.deepEqual(await idsThere(), []);

  const { id } = await (await ask("kernels", { method: "POST" })).json();
  const found = await manager.listRemoteKernels("gpu");
  assert.deepEqual(found.map((it) => [it.id, it.kernelName]), [[id, "python3"]]);
  const attached = await manager.createKernel({ server: "gpu", remoteKernelId: id });
  await manager.execute(attached, "x = 42");
  await manager.terminateKernel(attached);
  assert.deepEqual(await idsThere(), [id]);
  const again = await manager.createKernel({
    server: "gpu",
    remoteKernelId: id,
    keepRemote: false,
  });
  assert.equal((await manager.execute(again, "x")).result?.data["text/plain"], "42");
  await manager.terminateKernel(again);
  assert.deepEqual(await idsThere(), []);
});

Deno.test("restart() keeps the kernel's place on its server", async () => {
  await using manager = managerOf();
  const id = await manager.createKernel({ server: "gpu" });
  await manager.execute(id, "x = 1");
  const before = await idsThere();
  await manager.restartKernel(id);
  assert.equal((await manager.execute(id, "x")).error?.ename, "NameError");
  assert.deepEqual(await idsThere(), before);
});

Deno.test("a kernel that somebody else shuts down is dead", async () => {
  await using manager = managerOf();
  const id = await manager.createKernel({ server: "gpu" });
  const ended = nextEvent(manager, "kernel_terminated");
  await (await ask(`kernels/${(await idsThere())[0]}`, { method: "DELETE" })).body?.cancel();
  assert.match((await ended).reason, /shut down|not there|does not exist|process died/);
  assert.equal(manager.getKernel(id).status, "dead");
});

for (const onCrash of ["retry", "replace", "give_up"] as const) {
  Deno.test(`a kernel whose process dies follows the policy "${onCrash}"`, async () => {
    await using manager = managerOf({ onCrash, crashDelayMs: 10 });
    const id = await manager.createKernel({ server: "gpu" });
    const other = await manager.createKernel({ server: "gpu" });
    const places = await idsThere();
    const settled = onCrash === "give_up"
      ? nextEvent(manager, "kernel_terminated")
      : nextEvent(manager, "status", (it) => it.status === "restarting");
    const crash = await manager.execute(id, "import os; os._exit(3)");
    await settled;
    assert.deepEqual([crash.status, crash.kernel.statePreserved], ["aborted", false]);
    assert.equal((await manager.execute(other, "1")).status, "ok");
    if (onCrash === "give_up") {
      assert.equal(manager.getKernel(id).status, "dead");
      return;
    }
    assert.equal((await manager.execute(id, "2")).status, "ok");
    const kept = (await idsThere()).filter((it) => places.includes(it)).length;
    assert.equal(kept, onCrash === "retry" ? 2 : 1);
  });
}

Deno.test("a lost connection is opened again, and what may be missing is said", async () => {
  await using proxy = new TcpProxy(Number(new URL(server.url).port));
  await using manager = managerOf({ url: `http://127.0.0.1:${proxy.port}/user/ada/` });
  const id = await manager.createKernel({ server: "gpu" });
  const kernel = manager.getKernel(id);
  const statuses: string[] = [];
  using _listening = kernel.events.on("status", ({ status }) => void statuses.push(status));
  await using directory = await temporaryDirectory();
  const go = `${directory.path}/go`;
  const started = nextEvent(kernel, "stream");
  const running = kernel.execute(
    `import os, time\nprint("begun", flush=True)\nwhile not os.path.exists("${go}"): time.sleep(0.01)\n` +
      "for i in range(30): print(i, flush=True)\n'end'",
  );
  await started;
  const unreachable = nextEvent(kernel, "status", ({ status }) => status === "unreachable");
  proxy.cut();
  await unreachable;
  const reachable = nextEvent(kernel, "status", ({ status }) => status === "busy");
  proxy.mend();
  await reachable;
  await Deno.writeTextFile(go, "");
  const result = await running;
  assert.equal(result.result?.data["text/plain"], "'end'");
  assert.equal(result.lost, "outputs while disconnected");
  const text = result.outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
  assert.match(text, /^29$/m);
  assert.match(text, /connection to the server "gpu" was lost/);
  assert.deepEqual(statuses, ["busy", "unreachable", "busy", "idle"]);
  const next = await kernel.execute("i");
  assert.deepEqual([next.result?.data["text/plain"], next.lost], ["29", undefined]);
});

Deno.test("a server that stays away makes its kernel unreachable, then dead, and no other waits", async () => {
  await using proxy = new TcpProxy(Number(new URL(server.url).port));
  await using manager = createManager({
    servers: {
      far: remote({ url: `http://127.0.0.1:${proxy.port}/user/ada/`, reconnectTimeoutMs: 500 }),
      near: remote(),
    },
  });
  const far = await manager.createKernel({ server: "far" });
  const near = await manager.createKernel({ server: "near" });
  const running = manager.execute(far, "import time; time.sleep(60)");
  await nextEvent(manager, "execute_input");
  const ended = nextEvent(manager, "kernel_terminated");
  proxy.cut();
  await nextEvent(manager, "status", ({ status }) => status === "unreachable");
  assert.equal((await manager.execute(near, "1")).status, "ok");
  assert.match((await ended).reason, /"far".*away for 0.5 s/);
  assert.equal((await running).status, "aborted");
  assert.equal(manager.getKernel(far).status, "dead");
});

Deno.test("a failure never shows the token or the address's credentials", async () => {
  const secret = "s3cr3t-token-of-somebody";
  await using refused = managerOf({ token: secret });
  await using gone = managerOf({ url: `http://ada:${secret}@127.0.0.1:9/?token=${secret}` });
  for (const manager of [refused, gone]) {
    for (
      const attempt of [
        manager.createKernel({ server: "gpu" }),
        manager.listRemoteKernels("gpu"),
      ]
    ) {
      const error = await attempt.then(() => undefined, (it) => it);
      assert(error instanceof Error);
      assert(!Deno.inspect(error, { depth: 10 }).includes(secret), Deno.inspect(error));
      assert.match(error.message, /"gpu"/);
    }
  }
});

Deno.test("a redirect to another place is not followed", async () => {
  await using elsewhere = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    throw new Error("nobody is meant to come here");
  });
  await using redirecting = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => Response.redirect(`http://127.0.0.1:${elsewhere.addr.port}/`, 302),
  );
  await using manager = managerOf({ url: `http://127.0.0.1:${redirecting.addr.port}/` });
  await assert.rejects(manager.createKernel({ server: "gpu" }), {
    code: "permission_denied",
    message: /sends this server elsewhere.*wants a login/,
  });
});

Deno.test("files are those below the server's root", async () => {
  await using manager = managerOf();
  const id = await manager.createKernel({ server: "gpu" });
  const { files } = manager.getKernel(id);
  const large = new Uint8Array(3 * 1024 * 1024 + 5).map((_, index) => index * 7 % 251);
  const entry = await files.write("/data/deep/large.bin", new Blob([large]).stream());
  assert.deepEqual([entry.path, entry.size, entry.created], [
    "/data/deep/large.bin",
    large.length,
    true,
  ]);
  const read = await new Response((await files.read("/data/deep/large.bin")).stream).bytes();
  assert(large.every((byte, index) => read[index] === byte));
  assert.equal(
    (await manager.execute(id, "open('data/note.txt', 'w').write('héllo')")).status,
    "ok",
  );
  assert.equal(await new Response((await files.read("/data/note.txt")).stream).text(), "héllo");
  assert.deepEqual((await files.list("data")).map((it) => it.name), ["deep", "note.txt"]);
  assert.equal((await files.write("/data/note.txt", new Uint8Array([65]))).created, false);
  await assert.rejects(files.write("/data/note.txt", new Uint8Array(9), { maxBytes: 3 }), {
    code: "limit_exceeded",
  });
  assert.equal((await files.stat("/data/note.txt")).size, 1);
  await files.rename("/data/note.txt", "/data/other.txt");
  await assert.rejects(files.stat("/data/note.txt"), { code: "not_found" });
  await assert.rejects(files.makeDirectory("/data"), { code: "already_exists" });
  await assert.rejects(files.remove("/data"), { code: "invalid_argument" });
  await assert.rejects(files.read("/../etc/passwd"), { code: "invalid_argument" });
  await files.remove("/data", { recursive: true });
  await assert.rejects(files.list("/data"), { code: "not_found" });
});

Deno.test("variables() and packages() ask Python, and installPackages() is its pip", async () => {
  await using manager = managerOf();
  const id = await manager.createKernel({ server: "gpu" });
  const kernel = manager.getKernel(id);
  await kernel.execute(
    "import numpy as np\na = np.zeros((2, 3))\nclass Odd:\n    def __repr__(self): 1 / 0\no = Odd()\n_h = 1",
  );
  const variables = await kernel.variables();
  assert.deepEqual(variables.map(({ name, type, length, shape }) => [name, type, length, shape]), [
    ["Odd", "type", null, null],
    ["a", "ndarray", 2, [2, 3]],
    ["o", "Odd", null, null],
  ]);
  assert((await kernel.packages()).some(({ name, version }) => name === "numpy" && version !== ""));
  await assert.rejects(kernel.installPackages(["no-such-package-at-all-xyz"]), {
    code: "install_failed",
  });
  assert.equal((await kernel.execute("a.shape")).result?.data["text/plain"], "(2, 3)");
});

Deno.test("a figure of matplotlib is a picture", async () => {
  await using manager = managerOf();
  const id = await manager.createKernel({ server: "gpu" });
  const { outputs, status } = await manager.execute(
    id,
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
  );
  assert.equal(status, "ok");
  const shown = outputs.find((it) => it.output_type === "display_data");
  assert.match(String(shown?.data["image/png"]), /^iVBOR/);
});
