import assert from "node:assert/strict";
import { KernelError, type PermissionOptions } from "../../../../kernel/mod.ts";
import {
  createKernel,
  createManager,
  nextEvent,
  NOTHING_GRANTED,
  temporaryDirectory,
} from "../../../support/mod.ts";

/**
 * Code that reaches out of a worker, by the permission that the code needs, and a grant of that permission
 * for something else, with which the code fails too.
 */
const REACHES = {
  read: ["js.Deno.readTextFileSync('/etc/passwd')", ["/nowhere"]],
  write: ["js.Deno.writeTextFileSync('/tmp/kernel_test_escape', 'x')", ["/nowhere"]],
  net: ["js.Deno.listen(port=0, hostname='127.0.0.1')", ["127.0.0.1:1"]],
  env: ["js.Deno.env.get('HOME')", ["KERNEL_TEST_OTHER"]],
  run: ["js.Deno.Command.new('ls').outputSync()", ["/nowhere"]],
  ffi: ["js.Deno.dlopen('libc.so.6', js.Object.new())", ["/nowhere"]],
  sys: ["js.Deno.hostname()", ["uid"]],
} as const;

for (const [kind, [code, other]] of Object.entries(REACHES)) {
  Deno.test(`WorkerHost.start() grants no other ${kind} than was asked for`, async () => {
    await using fixture = await createKernel({ deno: { permissions: { [kind]: [...other] } } });
    const result = await fixture.kernel.execute(`import js\n${code}`);
    assert.equal(result.error?.ename, "JsException");
    assert.match(result.error.evalue, /NotCapable: Requires (all |)\w+ access/);
  });

  Deno.test(`WorkerHost.start() grants no ${kind} when nothing was asked for`, async () => {
    await using fixture = await createKernel();
    assert.deepEqual(fixture.kernel.permissions, NOTHING_GRANTED);
    const result = await fixture.kernel.execute(`import js\n${code}`);
    if (kind === "read" || kind === "write") {
      assert.match(result.error!.evalue, /NotCapable: Requires (all |)\w+ access/);
    } else assert.equal(result.error?.ename, "AttributeError");
  });
}

Deno.test("WorkerHost.start() grants exactly what was asked for", async () => {
  await using granted = await temporaryDirectory({ "in.txt": "granted" });
  await using other = await temporaryDirectory({ "in.txt": "not granted" });
  const permissions: PermissionOptions = { read: [granted.path], sys: ["hostname"] };
  await using fixture = await createKernel({ deno: { permissions } });
  assert.deepEqual(fixture.kernel.info.permissions, { ...NOTHING_GRANTED, ...permissions });
  const read = async (path: string) =>
    await fixture.kernel.execute(`import js\njs.Deno.readTextFileSync("${path}/in.txt")`);
  assert.equal((await read(granted.path)).result?.data["text/plain"], "'granted'");
  assert.match((await read(other.path)).error!.evalue, /NotCapable/);
  assert.equal((await fixture.kernel.execute("js.Deno.hostname()")).status, "ok");
  assert.match((await fixture.kernel.execute("js.Deno.osRelease()")).error!.evalue, /NotCapable/);
});

Deno.test("WorkerHost.start() grants a mount and nothing beside it", async () => {
  await using mounted = await temporaryDirectory({ "in.txt": "mounted" });
  await using fixture = await createKernel({
    mounts: [{ root: mounted.path, mountPoint: "/data", access: "ro" }],
  });
  assert.deepEqual(fixture.kernel.permissions, { ...NOTHING_GRANTED, read: [mounted.path] });
  const write = await fixture.kernel.execute(
    `import js\njs.Deno.writeTextFileSync("${mounted.path}/new.txt", "x")`,
  );
  assert.match(write.error!.evalue, /NotCapable: Requires write access/);
});

Deno.test("WorkerHost.start() lets Python fetch from a granted host only", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response("hello"),
  );
  const host = `127.0.0.1:${server.addr.port}`;
  const code =
    `from pyodide.http import pyfetch\nawait (await pyfetch("http://${host}/")).string()`;
  await using granted = await createKernel({ deno: { permissions: { net: [host] } } });
  assert.equal((await granted.kernel.execute(code)).result?.data["text/plain"], "'hello'");
  await using other = await createKernel({ deno: { permissions: { net: ["127.0.0.1:1"] } } });
  assert.equal((await other.kernel.execute(code)).status, "error");
});

Deno.test("WorkerHost.start() rejects when Deno refuses the permissions", async () => {
  await using manager = createManager();
  await assert.rejects(
    manager.createKernel({ id: "wrong", deno: { permissions: { sys: ["no such fact"] } } }),
    (error: unknown) =>
      error instanceof KernelError && error.code === "start_failed" &&
      /"wrong"/.test(error.message),
  );
  assert.deepEqual(manager.listKernels(), []);
});

for (
  const [what, code, reason] of [
    ["exits through os._exit", "import os; os._exit(3)", /Program terminated with exit\(3\)/],
    ["aborts", "import os; os.abort()", /the interpreter failed/],
    ["jumps to nowhere", "import ctypes; ctypes.CFUNCTYPE(None)(1)()", /the interpreter failed/],
  ] as const
) {
  Deno.test(`WorkerHost.exited tells the reason when the worker ${what}`, async () => {
    await using manager = createManager();
    const [id, bystander] = await Promise.all([manager.createKernel(), manager.createKernel()]);
    await manager.execute(bystander, "kept = 'kept'");
    const kernel = manager.getKernel(id);
    const terminated = nextEvent(kernel, "kernel_terminated");
    const [running, waiting] = [kernel.execute(code), kernel.execute("1")];
    for (const result of await Promise.all([running, waiting])) {
      assert.equal(result.status, "aborted");
      assert.equal(result.kernel.statePreserved, false);
      assert.match(result.kernel.reason!, reason);
      assert.match(
        result.error!.evalue,
        /All variables are lost; the kernel goes on after a restart\.$/,
      );
      const printed = result.outputs.map((it) => it.output_type === "stream" ? it.text : "").join(
        "",
      );
      assert.doesNotMatch(printed, /Pyodide|wasm:/);
    }
    assert.match((await terminated).reason, reason);
    assert.equal(kernel.status, "dead");
    await assert.rejects(kernel.execute("1"), { code: "kernel_dead" });
    const { result } = await manager.execute(bystander, "kept");
    assert.equal(result?.data["text/plain"], "'kept'");
    await manager.restartKernel(id);
    assert.equal((await kernel.execute("1 + 1")).result?.data["text/plain"], "2");
  });
}

Deno.test("WorkerHost.execute() shows what JavaScript prints and throws late, and the kernel lives", async () => {
  await using fixture = await createKernel();
  const seen = nextEvent(fixture.kernel, "stream", ({ text }) => text.includes("too late"));
  const result = await fixture.kernel.execute(`
import js
js.console.log("to the console", [1])
_ = js.setTimeout(js.Function.new("throw new Error('too late')"), 1)
_ = js.Promise.reject(js.Error.new("rejected"))`);
  assert.ok(
    result.outputs.some((it) => it.output_type === "stream" && /to the console/.test(it.text)),
  );
  await seen;
  assert.equal((await fixture.kernel.execute("'alive'")).status, "ok");
});

Deno.test("WorkerHost.execute() keeps names away that would speak for the worker", async () => {
  await using fixture = await createKernel();
  const names = ["postMessage", "close", "BroadcastChannel", "Worker", "caches", "navigator"];
  const functions = [
    "exit",
    "kill",
    "chdir",
    "addSignalListener",
    "stdin",
    "stdout",
    "permissions",
  ];
  const result = await fixture.kernel.execute(
    `import js\n[name for name in ${JSON.stringify(names)} if hasattr(js, name)], [
      name for name in ${JSON.stringify(functions)} if hasattr(js.Deno, name)
    ], list(js.Object.keys(js.process))`,
  );
  assert.equal(result.result?.data["text/plain"], "([], [], [])");
});

Deno.test("WorkerHost.start() gives each kernel a standard library of its own, whatever another does to it", async () => {
  await using fixture = await createKernel();
  const spied = await fixture.kernel.execute(`
import js
from pyodide.code import run_js
run_js("""globalThis.seen = [];
globalThis.Uint8Array = new Proxy(Uint8Array, { construct(target, args) {
  for (const it of args) if (it?.buffer instanceof SharedArrayBuffer) seen.push(it);
  return Reflect.construct(target, args);
} });
Object.defineProperty = new Proxy(Object.defineProperty, { apply(target, self, args) {
  for (const it of Object.values(args[2])) if (it?.buffer instanceof SharedArrayBuffer) seen.push(it);
  return Reflect.apply(target, self, args);
} });""")
import colorsys, glob
path = glob.glob("/lib/python*.zip")[0]
size = len(open(path, "rb").read())
with open(path, "r+b") as archive: archive.write(b"tampered" * 1000)
js.seen.length, size > 2_000_000, open(path, "rb").read(8)`);
  assert.equal(spied.error, null);
  assert.equal(spied.result?.data["text/plain"], "(0, True, b'tampered')");
  const other = await fixture.manager.createKernel();
  const imported = await fixture.manager.execute(other, "import colorsys\ncolorsys.__name__");
  assert.equal(imported.result?.data["text/plain"], "'colorsys'");
});

Deno.test("WorkerHost.terminate() reports a thread that does not stop", async () => {
  // The leaked thread would keep this process: it computes in a process of its own, which is ended.
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-prompt",
      new URL("../../../support/leak_a_thread.ts", import.meta.url).href,
    ],
    stdout: "piped",
  }).output();
  assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), {
    threadLeaked: true,
    status: "aborted",
    bystander: "'kept'",
  });
});
