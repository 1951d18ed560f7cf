import assert from "node:assert/strict";
import { DEFAULT_LIMITS, engineLimits, type Limits } from "../../../kernel/limits/limits.ts";
import {
  KernelManager,
  KernelMode,
  type PoolProfile,
  type StartOptions,
  type WorkerOptions,
} from "../../../kernel/mod.ts";
import { NOTHING } from "../../../kernel/permissions.ts";
import { KernelPool } from "../../../kernel/pool/pool.ts";
import { KernelPools } from "../../../kernel/pool/pools.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { FakeHost, fakeManager } from "../../support/fake_host.ts";
import { temporaryDirectory } from "../../support/mod.ts";

const WORKER: WorkerOptions = {
  language: "python",
  mode: "worker",
  mounts: [],
  permissions: NOTHING,
  limits: engineLimits(DEFAULT_LIMITS),
  packages: [],
};

function poolOf(options: StartOptions): KernelPool {
  const createHost = () => assert.fail("nothing is to be started");
  return new KernelPool({ size: 1, options, engine: { home: "/", warmUpCode: "" }, createHost });
}

Deno.test("fits() is true only for kernels that ask for exactly what is kept ready", () => {
  const mount = { root: "/tmp", mountPoint: "/x", access: "ro" as const };
  const pool = poolOf(WORKER);
  assert(pool.fits(structuredClone(WORKER)));
  // The kernel keeps these limits, so they change nothing about the pool's interpreters.
  const limits = engineLimits({ ...DEFAULT_LIMITS, cpuSeconds: 1, queue: 1 } as Limits);
  assert(pool.fits({ ...WORKER, limits }));
  const others: StartOptions[] = [
    { ...WORKER, language: "echo" },
    { ...WORKER, limits: { ...WORKER.limits, memoryMiB: 512 } },
    { ...WORKER, packages: ["six"] },
    { ...WORKER, mounts: [mount] },
    { ...WORKER, permissions: { ...NOTHING, net: ["a"] } },
    { ...WORKER, mode: "main_thread", permissions: "inherit" },
    { ...WORKER, mode: "process", allowEval: false, ownRoot: false },
    { ...WORKER, mode: "process", allowEval: true, ownRoot: false },
  ];
  for (const other of others) {
    assert(!pool.fits(other));
    assert(poolOf(other).fits(structuredClone(other)));
    assert.equal(others.filter((it) => poolOf(other).fits(it)).length, 1);
    assert(!poolOf(other).fits(WORKER));
  }
});

Deno.test("createKernel() takes an interpreter that is ready, and another one is started", async () => {
  await using fake = fakeManager(() => {}, { pools: [{ size: 2 }] });
  const { manager, made } = fake;
  assert.equal(made.length, 0, "nothing was asked for yet");
  await manager.warmUp();
  assert.equal(manager.readyKernels, 2);
  const id = await manager.createKernel({ id: "a", env: { A: "1" }, cwd: "/tmp" });
  assert.deepEqual(
    [made[0]!.identity?.kernelId, made[0]!.identity?.env, made[0]!.identity?.cwd],
    ["a", { A: "1" }, "/tmp"],
  );
  await manager.warmUp();
  assert.equal(made.length, 3);
  assert.equal(manager.readyKernels, 2);
  await manager.execute(id, "1");
  const codes = made.map(({ requests }) =>
    requests.map(({ id, code }) => [id, code][+(id !== "warm-up")])
  );
  assert.deepEqual(codes, [["warm-up", "1"], ["warm-up"], ["warm-up"]]);
});

Deno.test("createKernel() starts an interpreter of its own for what does not fit", async () => {
  await using fake = fakeManager(() => {}, { pools: [{ size: 1 }] });
  const { manager, made } = fake;
  await manager.warmUp();
  await manager.createKernel({ deno: { permissions: { net: ["example.com"] } } });
  assert.equal(manager.readyKernels, 1);
  assert.deepEqual(made[1]!.init.options.permissions, { ...NOTHING, net: ["example.com"] });
  await manager.createKernel({ mode: "main_thread" });
  assert.equal(manager.readyKernels, 1);
});

Deno.test("events of an interpreter from the pool are those of its kernel", async () => {
  await using fake = fakeManager(() => {}, { pools: [{ size: 1 }] });
  const { manager, made } = fake;
  await manager.warmUp();
  const id = await manager.createKernel();
  const heard: unknown[] = [];
  using _listening = manager.onKernelEvent(id, "stream", (event) => heard.push(event));
  made[0]!.init.onEvent({ type: "stream", name: "stdout", text: "x" });
  assert.deepEqual(heard, [{ type: "stream", name: "stdout", text: "x", kernelId: id }]);
});

Deno.test("an interpreter that ends while it waits is not handed out", async () => {
  await using fake = fakeManager(() => {}, { pools: [{ size: 1 }] });
  const { manager, made } = fake;
  await manager.warmUp();
  made[0]!.die("it crashed");
  await made[0]!.exited;
  await manager.createKernel();
  assert.equal(made[0]!.identity, undefined);
  assert.equal(made.length, 2);
});

Deno.test("the next interpreter is started a moment after a hand-out", async () => {
  const clock = new FakeClock();
  await using fake = fakeManager(() => {}, { pools: [{ size: 1 }], clock });
  const { manager, made } = fake;
  await manager.warmUp();
  await manager.createKernel();
  await clock.advance(99);
  assert.deepEqual([made.length, manager.readyKernels], [1, 0]);
  await clock.advance(1);
  assert.deepEqual([made.length, manager.readyKernels], [2, 1]);
});

Deno.test("a start that fails is tried again later", async () => {
  const clock = new FakeClock();
  let fails = true;
  await using fake = fakeManager((host) => {
    if (fails) host.starting = Promise.reject(new Error("no memory"));
  }, { pools: [{ size: 1 }], clock });
  const filling = fake.manager.warmUp();
  await clock.pass(5_000);
  assert.deepEqual(fake.made.map(({ terminated }) => terminated), [
    "it did not start",
    "it did not start",
  ]);
  fails = false;
  await clock.pass(5_000);
  await filling;
  assert.equal(fake.manager.readyKernels, 1);
});

Deno.test("dispose ends the interpreters that wait, and a start that fails does not keep it", async () => {
  let fakes = 0;
  const failed = Promise.withResolvers<void>();
  const fake = fakeManager((host) => {
    if (fakes++ !== 1) return;
    host.starting = Promise.reject(new Error("no memory"));
    void host.exited.then(() => failed.resolve());
  }, { pools: [{ size: 2 }], clock: new FakeClock() });
  const filling = fake.manager.warmUp();
  await failed.promise;
  await fake[Symbol.asyncDispose]();
  await filling;
  assert.equal(fake.made[0]!.terminated, "the pool was closed");
});

Deno.test("createKernel() takes from the pool of its own mounts, permissions and limits", async () => {
  await using mounted = await temporaryDirectory();
  const scoped: Omit<PoolProfile, "size"> = {
    mode: "process",
    mounts: [{ root: mounted.path, mountPoint: "/data" }],
    deno: { permissions: { net: ["example.com"] } },
    limits: { memoryMb: 256 },
  };
  await using fake = fakeManager(() => {}, {
    pools: [{ size: 1 }, { size: 1, ...scoped }],
  });
  const { manager, made } = fake;
  await manager.warmUp();
  assert.equal(manager.readyKernels, 2);
  const id = await manager.createKernel(scoped);
  assert.equal(made.length, 2, "it was ready");
  assert.deepEqual(manager.getKernel(id).permissions, made[1]!.init.options.permissions);
  assert.deepEqual(made[1]!.init.options.permissions, {
    ...NOTHING,
    net: ["example.com"],
    read: [mounted.path],
    write: [mounted.path],
  });
  await manager.createKernel({ ...scoped, limits: {} });
  assert.equal(made.length, 3, "nothing like that was ready");
});

Deno.test("warmUp() rejects for a profile that cannot be, and kernels start all the same", async () => {
  const mounts = [{ root: "/does/not/exist", mountPoint: "/data" }];
  await using fake = fakeManager(() => {}, { pools: [{ size: 1, mounts }] });
  await assert.rejects(fake.manager.warmUp(), /\/does\/not\/exist/);
  await fake.manager.createKernel();
  assert.throws(() => fakeManager(() => {}, { pools: [{ size: 1, limits: { memoryMb: 1 } }] }), {
    code: "invalid_argument",
  });
});

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS]) {
  Deno.test(`${mode} kernels from the pool are kernels like any other`, async () => {
    await using manager = new KernelManager({ pools: [{ size: 2, mode }] });
    await manager.warmUp();
    const first = await manager.createKernel({ mode, env: { NAME: "first" }, cwd: "/tmp" });
    const second = await manager.createKernel({ mode });
    assert.equal(manager.readyKernels, 0);
    const value = async (id: string, code: string) =>
      (await manager.execute(id, code)).result?.data["text/plain"];
    const about = "import os, random\n[os.environ.get('NAME'), os.getcwd(), _dh]";
    assert.equal(await value(first, about), "['first', '/tmp', ['/tmp']]");
    const fresh = await manager.execute(second, "[In, Out, _, __name__]");
    assert.equal(fresh.executionCount, 1);
    assert.match(
      fresh.result!.data["text/plain"] as string,
      /^\[\['', '\[In.*\{\}, '', '__main__'\]$/,
    );
    assert.equal(await value(second, about), "[None, '/home/pyodide', ['/home/pyodide']]");
    const [one, other] = await Promise.all(
      [first, second].map((id) => value(id, "random.random()")),
    );
    assert.notEqual(one, other);
    await manager.restartKernel(first);
    assert.equal(await value(first, about), "['first', '/tmp', ['/tmp']]");
  });
}

Deno.test("take() keeps an interpreter of each of the last two images ready once kernels use them", async () => {
  const clock = new FakeClock();
  const made: FakeHost[] = [];
  await using pools = new KernelPools(() =>
    Promise.resolve([{
      size: 1,
      options: WORKER,
      engine: { home: "/", warmUpCode: "1" },
      images: { warmUpCode: (id) => Promise.resolve(`warm ${id}`) },
      createHost(init) {
        const host = new FakeHost(init);
        made.push(host);
        return host;
      },
      clock,
    }])
  );
  await pools.fill();
  const identity = { kernelId: "a", env: {}, cwd: "/" };
  const take = (options: Partial<WorkerOptions>) =>
    pools.take({ options: { ...WORKER, ...options }, identity, onEvent: () => {} });
  const mounts = [{ root: "/tmp", mountPoint: "/x", access: "ro" as const }];
  assert.equal(take({ image: "one", mounts }), undefined);
  await clock.advance(1_000);
  assert.equal(pools.ready, 1, "no profile has kernels with that mount");
  for (const image of ["one", "two"]) {
    assert.equal(take({ image }), undefined, "the first kernel has it made");
    await clock.advance(1_000);
  }
  assert.equal(pools.ready, 3);
  assert.deepEqual(
    made.map(({ init, requests }) => [init.options.image, requests[0]?.code]),
    [[undefined, "1"], ["one", "warm one"], ["two", "warm two"]],
  );
  const host = take({ image: "one" });
  await host?.start();
  assert.equal(made[1]!.identity?.kernelId, "a");
  assert.equal(take({ image: "three" }), undefined);
  await clock.advance(1_000);
  assert.equal(made[2]!.terminated, "the pool was closed", "it was used least recently");
});
