import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KernelKinds } from "../../../../server/services/kernels/kinds.ts";
import { Kernels } from "../../../../server/services/kernels/kernels.ts";
import { LocalKernels } from "../../../../server/services/kernels/local_kernels.ts";
import { MAX_LIFETIME_MS, Sandboxes } from "../../../../server/services/sandboxes/sandboxes.ts";
import type { SandboxRequest } from "../../../../server/services/sandboxes/sandbox.ts";
import { KernelMode } from "../../../../kernel/mod.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { type FakeHost, fakeManager } from "../../../support/fake_host.ts";

const REQUEST: SandboxRequest = {
  template: "base",
  kind: "python",
  timeoutMs: 60_000,
  metadata: { owner: "a" },
  env: { NAME: "value" },
};

/** Runs `body` with sandboxes of fake hosts. */
async function withSandboxes(
  body: (setup: { sandboxes: Sandboxes; clock: FakeClock; kernels: Kernels }) => Promise<void>,
  prepare?: (host: FakeHost) => void,
): Promise<void> {
  await using fake = fakeManager(prepare, { maxKernels: 3 });
  const kinds = new KernelKinds({
    modes: [KernelMode.WORKER],
    defaultMode: KernelMode.WORKER,
    languages: [],
    configured: [],
  });
  using kernels = new Kernels({ directory: new LocalKernels(fake.manager), kinds, defaults: {} });
  const clock = new FakeClock();
  const directory = join(tmpdir(), `sandboxes-${randomUUID()}`);
  await using sandboxes = new Sandboxes({ kernels, clock, directory });
  await body({ sandboxes, clock, kernels });
}

Deno.test("create() starts a kernel with the sandbox's variables and tokens of its own", () =>
  withSandboxes(async ({ sandboxes, kernels }) => {
    const [a, b] = [await sandboxes.create(REQUEST), await sandboxes.create(REQUEST)];
    assert.deepEqual(sandboxes.list(), [a, b]);
    const secrets = [a.accessToken, a.trafficToken, b.accessToken, b.trafficToken, a.id, b.id];
    assert.equal(new Set(secrets).size, secrets.length);
    assert.equal(a.env["NAME"], "value");
    assert.equal(a.env["E2B_SANDBOX_ID"], a.id);
    assert.equal((await kernels.list(`e2b-${a.id}`)).length, 1);
    assert.notEqual(a.contexts[0]!.kernelId, b.contexts[0]!.kernelId);
  }));

Deno.test("a sandbox ends with its kernels when its time is over", () =>
  withSandboxes(async ({ sandboxes, clock, kernels }) => {
    const { id } = await sandboxes.create(REQUEST);
    await clock.advance(59_999);
    assert(sandboxes.find(id));
    await clock.advance(1);
    assert.equal(sandboxes.find(id), undefined);
    assert.deepEqual(await kernels.list(), []);
    assert.equal(clock.size, 0);
  }));

Deno.test("setTimeout() counts from now, extend() never shortens, a day is the longest", () =>
  withSandboxes(async ({ sandboxes, clock }) => {
    const { id } = await sandboxes.create(REQUEST);
    sandboxes.extend(id, 1_000);
    await clock.advance(2_000);
    assert(sandboxes.find(id));
    sandboxes.setTimeout(id, 1_000);
    await clock.advance(1_000);
    assert.equal(sandboxes.find(id), undefined);
    const second = await sandboxes.create({ ...REQUEST, timeoutMs: 10 * MAX_LIFETIME_MS });
    await clock.advance(MAX_LIFETIME_MS);
    assert.equal(sandboxes.find(second.id), undefined);
    assert.throws(() => sandboxes.setTimeout(second.id, 1), { code: "not_found" });
  }));

Deno.test("create() leaves nothing behind when the kernel does not start", () =>
  withSandboxes(async ({ sandboxes, clock, kernels }) => {
    await assert.rejects(sandboxes.create(REQUEST), { code: "start_failed" });
    assert.deepEqual([sandboxes.list(), await kernels.list(), clock.size], [[], [], 0]);
  }, (host) => {
    host.starting = Promise.reject(new Error("no memory"));
    host.starting.catch(() => {});
  }));

Deno.test("defaultContext() is one kernel for two callers, and a new one after its kernel's end", () =>
  withSandboxes(async ({ sandboxes, kernels }) => {
    const sandbox = await sandboxes.create(REQUEST);
    const [a, b] = await Promise.all([sandbox.defaultContext(), sandbox.defaultContext("py")]);
    assert.equal(a, b);
    await sandbox.removeContext(a.id);
    assert.deepEqual([sandbox.contexts, await kernels.list()], [[], []]);
    assert.notEqual((await sandbox.defaultContext()).kernelId, a.kernelId);
  }));

Deno.test("createContext() refuses a language that no kernel has, and is bounded by the kernels", () =>
  withSandboxes(async ({ sandboxes }) => {
    const sandbox = await sandboxes.create(REQUEST);
    await assert.rejects(sandbox.createContext({ language: "r" }), {
      code: "invalid_argument",
      message: 'Cannot run "r": this server has python',
    });
    await sandbox.createContext({});
    await sandbox.createContext({});
    await assert.rejects(sandbox.createContext({}), { code: "limit_exceeded" });
  }));

Deno.test("a context that starts while its sandbox ends leaves no kernel", () =>
  withSandboxes(async ({ sandboxes, kernels }) => {
    const sandbox = await sandboxes.create(REQUEST);
    const late = assert.rejects(sandbox.createContext({}), { code: "not_found" });
    assert.equal(await sandboxes.kill(sandbox.id), true);
    await late;
    assert.equal(await sandboxes.kill(sandbox.id), false);
    assert.deepEqual(await kernels.list(), []);
  }));
