import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { encodeFrame } from "../../../../kernel/hosts/process/frames.ts";
import type { LockDownOptions } from "../../../../kernel/hosts/process/lock_down.ts";
import { ProcessHost } from "../../../../kernel/hosts/process/host.ts";
import { readChild } from "../../../../kernel/hosts/process/stat.ts";
import type { ProcessEngine, ProcessIsolation } from "../../../../kernel/hosts/process/launch.ts";
import { KernelUsers } from "../../../../kernel/hosts/process/users.ts";
import { PROTOCOL_VERSION } from "../../../../kernel/hosts/protocol.ts";
import { DEFAULT_LIMITS, engineLimits } from "../../../../kernel/limits/limits.ts";
import type { HostEvent, HostInit, KernelOptions, ProcessOptions } from "../../../../kernel/mod.ts";
import { NOTHING } from "../../../../kernel/permissions.ts";
import {
  createKernel,
  type KernelFixture,
  nextEvent,
  temporaryDirectory,
} from "../../../support/mod.ts";

const MODE = { mode: "process" } as const;
const linux = Deno.build.os === "linux";

/** Returns Linux's status text of each process that this one has started, by id. */
function children(parent = Deno.pid): Map<number, string> {
  const found = new Map<number, string>();
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = Deno.readTextFileSync(`/proc/${name}/status`);
      if (new RegExp(`^PPid:\\s+${parent}$`, "m").test(status)) found.set(Number(name), status);
    } catch {
      // The process has just ended.
    }
  }
  return found;
}

function commandLine(pid: number): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`);
  } catch {
    return ""; // The process was another test's, and has just ended.
  }
}

/** A kernel and its process, told from those of other tests by a permission of its own. */
async function createProcess(
  options: KernelOptions = {},
): Promise<KernelFixture & { pid: number; processStatus: string }> {
  const mark = `MARK_${crypto.randomUUID()}`;
  const deno = { permissions: { env: [mark] } };
  const fixture = await createKernel({ ...MODE, deno, ...options });
  const [[started] = assert.fail("no process")] = [...children()].filter(([pid]) =>
    commandLine(pid).includes(mark)
  );
  const pid = readChild(started) ?? started;
  const processStatus = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Object.assign(fixture, { pid, processStatus });
}

for (
  const [signal, reason] of [
    ["SIGKILL", /its process was ended by SIGKILL/],
    ["SIGTERM", /its process was ended by SIGTERM/],
    ["SIGSTOP", /its process was stopped by a signal/],
  ] as const
) {
  Deno.test({
    name: `ProcessHost.exited tells the reason when its process gets ${signal}`,
    ignore: !linux,
    async fn() {
      await using fixture = await createProcess();
      await using bystander = await createKernel(MODE);
      await bystander.kernel.execute("kept = 'kept'");
      const terminated = nextEvent(fixture.kernel, "kernel_terminated");
      const running = fixture.kernel.execute("while True: pass");
      Deno.kill(fixture.pid, signal);
      assert.match((await terminated).reason, reason);
      const { status, kernel } = await running;
      assert.deepEqual([status, kernel.statePreserved], ["aborted", false]);
      assert.equal((await bystander.kernel.execute("kept")).result?.data["text/plain"], "'kept'");
      await fixture.kernel.restart();
      assert.equal((await fixture.kernel.execute("1")).status, "ok");
    },
  });
}

Deno.test({
  name: "ProcessHost.start() applies what the system offers",
  ignore: !linux,
  async fn() {
    await using fixture = await createProcess();
    const { processStatus, pid } = fixture;
    const applied = new Map(
      (await fixture.manager.isolation()).map(({ name, applied }) => [name, applied]),
    );
    const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(processStatus)?.[1];
    if (applied.get("own user")) {
      assert(Number(field("Uid")) >= 60_706);
      assert.match(processStatus, /^Groups:\s*$/m);
    }
    if (applied.get("no new privileges")) {
      assert.equal(field("NoNewPrivs"), "1");
      assert.equal(field("CapEff"), "0000000000000000");
    }
    if (applied.get("no network")) {
      assert.notEqual(
        Deno.readLinkSync(`/proc/${pid}/ns/net`),
        Deno.readLinkSync("/proc/self/ns/net"),
      );
    }
    if (applied.get("resource limits")) {
      const limits = Deno.readTextFileSync(`/proc/${pid}/limits`);
      assert.match(limits, /^Max core file size\s+0\s+0 /m);
      assert.match(limits, /^Max open files\s+320\s+320 /m);
    }
    if (applied.get("few system calls")) assert.equal(field("Seccomp"), "2");
    if (applied.get("own root")) {
      for (const space of ["mnt", "pid", "ipc"]) {
        assert.notEqual(
          Deno.readLinkSync(`/proc/${pid}/ns/${space}`),
          Deno.readLinkSync(`/proc/self/ns/${space}`),
        );
      }
      assert.match(processStatus, /^NSpid:.*\s1$/m);
      const mounts = Deno.readTextFileSync(`/proc/${pid}/mounts`);
      assert.match(mounts, /^kernel \/ tmpfs ro,nosuid,nodev,noexec/);
      assert.doesNotMatch(mounts, / \/old /);
    }
    const environment = Deno.readTextFileSync(`/proc/${pid}/environ`).split("\0");
    assert(
      environment.every((it) => /^(MALLOC_\w+=|DENO_\w+=|RUST_MIN_STACK=|TZ=|$)/.test(it)),
      environment.join(),
    );
  },
});

Deno.test({
  name: "ProcessHost.start() leaves no capability to a kernel that stays what the server is",
  ignore: !linux,
  async fn() {
    await using mounted = await temporaryDirectory({ "in.txt": "mounted" });
    await using fixture = await createProcess({
      mounts: [{ root: mounted.path, mountPoint: "/data" }],
    });
    const owner = (await Deno.stat(mounted.path)).uid;
    assert.match(fixture.processStatus, new RegExp(`^Uid:\\s+${owner}\\s`, "m"));
    assert.match(fixture.processStatus, /^CapEff:\s+0+$/m);
    const { result } = await fixture.kernel.execute("open('/data/out.txt', 'w').write('x')");
    assert.equal(result?.data["text/plain"], "1");
  },
});

Deno.test({
  name: "ProcessHost.terminate() leaves no process and no file",
  ignore: !linux,
  async fn() {
    const temporary = () => [...Deno.readDirSync("/tmp")].map(({ name }) => name).toSorted();
    const before = temporary();
    const fixture = await createProcess();
    await fixture.kernel.execute("open('x', 'w').write('x')");
    await fixture[Symbol.asyncDispose]();
    assert(!children().has(fixture.pid));
    const left = temporary().filter((name) =>
      !before.includes(name) && !/^kernel_test_/.test(name)
    );
    assert.deepEqual(left.filter((name) => /deno|kernel|pyodide/i.test(name)), []);
  },
});

Deno.test({
  name: "a process kernel ends when its parent is killed",
  ignore: !linux,
  async fn() {
    const script = fileURLToPath(new URL("../../../support/kernel_holder.ts", import.meta.url));
    for (const code of ["1", "while True: pass"]) {
      const parent = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-prompt", "--cached-only", script, code],
        stdin: "null",
        stdout: "piped",
      }).spawn();
      const reader = parent.stdout.pipeThrough(new TextDecoderStream()).getReader();
      assert.equal((await reader.read()).value, "running\n");
      const [[pid] = assert.fail("no kernel")] = children(parent.pid);
      parent.kill("SIGKILL");
      await parent.status;
      await reader.cancel();
      const deadline = performance.now() + 60_000;
      for (let there = true; there;) {
        there = await Deno.stat(`/proc/${pid}`).then(() => true, () => false);
        assert(performance.now() < deadline, "it outlives its parent");
      }
    }
  },
});

Deno.test("ProcessHost.execute() tells what it used", async () => {
  await using fixture = await createKernel(MODE);
  const { usage } = await fixture.kernel.execute(
    "for _ in range(3_000_000): pass\nprint('x' * 99)",
  );
  assert(usage.wallMs > 0);
  assert.equal(usage.outputBytes, 100);
  if (!linux) return;
  assert(usage.cpuMs! >= 20 && usage.cpuMs! <= usage.wallMs + 20, `${usage.cpuMs}`);
  assert(usage.peakMemoryBytes! > 30 * 2 ** 20);
  const large = await fixture.kernel.execute("x = bytes(1) * 200_000_000\ndel x");
  assert(large.usage.peakMemoryBytes! > usage.peakMemoryBytes! + 100_000_000);
});

Deno.test("ProcessHost.start() makes JavaScript of strings only when it is to", async () => {
  const code = "from pyodide.code import run_js\nrun_js('6 * 7')";
  await using trusted = await createKernel({ ...MODE, allowEval: true });
  assert.equal((await trusted.kernel.execute(code)).result?.data["text/plain"], "42");
  await using other = await createKernel(MODE);
  assert.match((await other.kernel.execute(code)).error!.evalue, /EvalError/);
});

Deno.test("ProcessHost.start() gives mounts to their owner's kernel", async () => {
  await using mounted = await temporaryDirectory({ "in.txt": "mounted" });
  const owner = Deno.uid() === 0 ? 60_700 : Deno.uid()!;
  await Deno.chown(mounted.path, owner, owner);
  await using fixture = await createKernel({
    ...MODE,
    mounts: [{ root: mounted.path, mountPoint: "/data" }],
  });
  const result = await fixture.kernel.execute(
    "open('/data/out.txt', 'w').write('back')\nopen('/data/in.txt').read()",
  );
  assert.equal(result.result?.data["text/plain"], "'mounted'");
  assert.equal(await Deno.readTextFile(`${mounted.path}/out.txt`), "back");
  assert.equal((await Deno.stat(`${mounted.path}/out.txt`)).uid, owner);
});

Deno.test("ProcessHost.start() grants exactly what was asked for", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response("granted"),
  );
  Deno.env.set("PROCESS_TEST", "granted");
  try {
    const net = [`127.0.0.1:${server.addr.port}`];
    await using fixture = await createKernel({
      ...MODE,
      deno: { permissions: { net, env: ["PROCESS_TEST"] } },
    });
    const run = async (code: string) => {
      const { result, error } = await fixture.kernel.execute(`import js\n${code}`);
      return result?.data["text/plain"] ?? error?.evalue;
    };
    assert.equal(await run(`await (await js.fetch('http://${net[0]}/')).text()`), "'granted'");
    assert.match(
      String(await run("await js.fetch('http://127.0.0.1:8099/')")),
      /not granted this host/,
    );
    assert.equal(await run("js.Deno.env.get('PROCESS_TEST')"), "'granted'");
    assert.match(String(await run("js.Deno.env.get('HOME')")), /NotCapable/);
  } finally {
    Deno.env.delete("PROCESS_TEST");
  }
});

/** A host whose child is not ours: it writes bytes to its output, others without end, or waits then. */
function hostOf(
  written: Uint8Array,
  { flood, onEvent = () => {}, lockDown = null }: {
    flood?: Uint8Array;
    onEvent?: (event: HostEvent) => void;
    lockDown?: LockDownOptions | null;
  } = {},
): ProcessHost {
  const code = `
    function write(text) {
      const bytes = Uint8Array.fromBase64(text);
      for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
    }
    write(${JSON.stringify(written.toBase64())});
    while (${flood !== undefined}) write(${JSON.stringify(flood?.toBase64())});
    await Deno.stdin.readable.pipeTo(new WritableStream());`;
  const isolation: ProcessIsolation = {
    users: Object.assign(new KernelUsers(), { available: false }),
    command: (options) =>
      Promise.resolve({
        ...{ options, lockDown, nested: false },
        program: Deno.execPath(),
        args: [
          "run",
          "--no-config",
          "--no-prompt",
          `data:text/typescript,${encodeURIComponent(code)}`,
        ],
        env: {},
      }),
  };
  const engine: ProcessEngine = {
    processEntry: new URL("file:///entry.ts"),
    workerEntry: new URL("file:///worker_entry.ts"),
    locate: () => Promise.resolve({ readable: [], value: null }),
  };
  const init: HostInit<ProcessOptions> = {
    options: {
      language: "python",
      mode: "process",
      mounts: [],
      permissions: NOTHING,
      limits: { ...engineLimits(DEFAULT_LIMITS), outputBytes: 1_000 },
      packages: [],
      allowEval: false,
      ownRoot: false,
    },
    identity: { kernelId: "k", env: {}, cwd: "/" },
    onEvent,
  };
  return new ProcessHost(init, engine, { isolation });
}

const ready = encodeFrame({ type: "ready", version: PROTOCOL_VERSION, memoryBytes: 1 });

function afterReady(...frames: Uint8Array[]): Uint8Array {
  return new Uint8Array([ready, ...frames].flatMap((frame) => [...frame]));
}

const encoder = new TextEncoder();

Deno.test({
  name: "ProcessHost.start() refuses a process that kept the system calls that it had to give up",
  ignore: !linux,
  async fn() {
    const lockDown = { changesFiles: false, usesNetwork: false };
    await using host = hostOf(ready, { lockDown });
    await assert.rejects(host.start(), /did not give up the system calls that it should/);
  },
});

function event(fields: object): Uint8Array {
  return encodeFrame({ type: "event" }, [encoder.encode(JSON.stringify(fields))]);
}

for (
  const [what, written, reason] of [
    ["is no frame", new TextEncoder().encode("HTTP/1.1 200 OK\r\n\r\n"), /longer than it may be/],
    ["is too long", new Uint8Array([0x7f, 0, 0, 0, 0, 0, 0, 0]), /longer than it may be/],
    ["is no JSON", new Uint8Array([0, 0, 0, 1, 0, 0, 0, 1, 0x7b]), /JSON/],
    ["is not in the protocol", afterReady(encodeFrame({ type: "shutdown" })), /type: /],
    [
      "is an event that there is not",
      afterReady(event({ type: "status", status: "idle" })),
      /type: /,
    ],
    [
      "is an event of the wrong shape",
      afterReady(encodeFrame({ type: "stream", name: "tty" }, [encoder.encode("x")])),
      /name: /,
    ],
    [
      "speaks for the kernel's end",
      afterReady(event({ type: "kernel_terminated", reason: "x", threadLeaked: false })),
      /type: /,
    ],
    [
      "answers what nobody has asked",
      afterReady(encodeFrame({ type: "return", id: 9, value: 1, memoryBytes: 1 })),
      /nobody has asked/,
    ],
    [
      "throws what nobody has asked",
      afterReady(encodeFrame({ type: "throw", id: 9, error: { name: "E", message: "m" } })),
      /nobody has asked/,
    ],
    [
      "has memory without bytes",
      encodeFrame({ type: "ready", version: PROTOCOL_VERSION, memoryBytes: -1 }),
      /memoryBytes/,
    ],
  ] as const
) {
  Deno.test(`ProcessHost ends a child whose message ${what}`, async () => {
    await using host = hostOf(written);
    await host.start().catch(() => {});
    assert.match(await host.exited, reason);
    assert.match(await host.exited, /^it sent a message that is not in the protocol: /);
  });
}

Deno.test("ProcessHost ends a child whose reply to a cell is none", async () => {
  const written = afterReady(encodeFrame({ type: "return", id: 1, value: {}, memoryBytes: 1 }));
  // The answer is there before the question, which is as forged as it gets.
  await using host = hostOf(written);
  await host.start();
  assert.match(await host.exited, /nobody has asked/);
});

Deno.test("ProcessHost leaves its thread time while a child floods it", async () => {
  let events = 0;
  const frame = encodeFrame({ type: "stream", name: "stdout" }, [encoder.encode("x")]);
  const flood = new Uint8Array(Array.from({ length: 500 }, () => [...frame]).flat());
  await using host = hostOf(ready, { flood, onEvent: () => events++ });
  await host.start();
  const begin = performance.now();
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  assert(events > 500, "it floods");
  assert(performance.now() - begin < 60_000);
  assert.deepEqual(await host.terminate("that is enough"), { leaked: false });
});
