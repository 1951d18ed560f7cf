import assert from "node:assert/strict";
import { defaultHosts } from "../../../../kernel/default_hosts.ts";
import { KernelManager } from "../../../../kernel/mod.ts";
import { loadConfig } from "../../../../server/config/config.ts";
import { configuredKinds, poolProfiles } from "../../../../server/services/kernels/profiles.ts";
import { makeWheel, serveDistribution } from "../../../support/distribution.ts";
import { createServer } from "../../../support/server.ts";

const KERNEL_PROFILES = JSON.stringify({
  small: { displayName: "Small", limits: { memoryMb: 256 } },
  beta: { packages: ["beta"], poolSize: 1, mode: "worker" },
});

Deno.test("configuredKinds() names the kinds of kernels of the configuration", () => {
  const specs = configuredKinds(loadConfig({ env: { KERNEL_PROFILES } }).kernelProfiles);
  assert.deepEqual(specs, [
    {
      name: "small",
      displayName: "Small",
      language: "python",
      options: { limits: { memoryMb: 256 } },
      autoRestart: false,
    },
    {
      name: "beta",
      displayName: "beta",
      language: "python",
      options: { packages: ["beta"], mode: "worker" },
      autoRestart: false,
    },
  ]);
});

Deno.test("poolProfiles() keeps the default kind ready, and those that say so", () => {
  assert.deepEqual(poolProfiles(loadConfig({ env: { KERNEL_PROFILES } })), [
    { size: 2, mode: "process" },
    { size: 0, mode: "process", limits: { memoryMb: 256 } },
    { size: 1, mode: "worker", packages: ["beta"] },
  ]);
});

Deno.test("a kernel of a kind that is kept ready has its packages at once", async () => {
  const wheel = makeWheel({ name: "beta", version: "1", files: { "beta.py": "value = 42" } });
  await using distribution = await serveDistribution([wheel]);
  const settings = { KERNEL_PROFILES, ALLOWED_KERNEL_MODES: "worker", KERNEL_POOL_SIZE: "0" };
  const manager = new KernelManager({
    hosts: defaultHosts(),
    packages: { baseUrl: distribution.url, cacheDir: null },
    pools: poolProfiles(loadConfig({ env: settings })),
  });
  await using server = createServer({ manager, settings });
  await manager.warmUp();
  assert.equal(manager.readyKernels, 1);
  const { id } = await server.json(201, "POST", "/api/kernels", { name: "beta" });
  assert.equal(manager.readyKernels, 0);
  const { result } = await manager.execute(id, "import sys\nsys.modules['beta'].value");
  assert.equal(result?.data["text/plain"], "42");
});
