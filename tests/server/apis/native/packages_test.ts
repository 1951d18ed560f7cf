import assert from "node:assert/strict";
import { KernelManager } from "../../../../kernel/mod.ts";
import { type Distribution, makeWheel, serveDistribution } from "../../../support/distribution.ts";
import { createServer, type TestServer } from "../../../support/server.ts";

const beta = makeWheel({ name: "beta", version: "2.0", files: { "beta.py": "value = 41" } });

async function withServer(
  body: (server: TestServer, distribution: Distribution) => Promise<void>,
): Promise<void> {
  await using distribution = await serveDistribution([beta]);
  const manager = new KernelManager({ packages: { baseUrl: distribution.url, cacheDir: null } });
  await using server = createServer({ manager, settings: { ALLOWED_KERNEL_MODES: "worker" } });
  await body(server, distribution);
}

Deno.test("POST .../packages installs and lists; GET lists", () =>
  withServer(async (server) => {
    const id = await server.createKernel();
    const path = `/api/kernels/${id}/packages`;
    assert.deepEqual(await server.json(200, "GET", path), { packages: [] });
    const installed = { packages: [{ name: "beta", version: "2.0" }] };
    assert.deepEqual(await server.json(200, "POST", path, { packages: ["beta"] }), installed);
    const requirements = "# what it takes\nbeta==2.0\n";
    assert.deepEqual(await server.json(200, "POST", path, { requirements }), installed);
    assert.deepEqual(await server.json(200, "GET", path), installed);
  }));

Deno.test("POST .../packages answers 422 for what cannot be installed, and says why", () =>
  withServer(async (server) => {
    const id = await server.createKernel();
    const path = `/api/kernels/${id}/packages`;
    const refused = await server.json(422, "POST", path, { packages: ["nosuch"] });
    assert.equal(refused.code, "install_failed");
    assert.match(refused.message, /Cannot install nosuch: the distribution has no such package/);
    const options = await server.json(422, "POST", path, { requirements: "-e .\n" });
    assert.match(options.message, /neither a pyproject.toml .* nothing can be built here/);
    for (const body of [{}, { packages: "beta" }, { packages: [""] }, { packages: [], more: 1 }]) {
      await server.json(400, "POST", path, body);
    }
    await server.json(400, "POST", path, { packages: [], requirements: "" });
    await server.json(404, "POST", "/api/kernels/none/packages", { packages: [] });
  }));

Deno.test("POST /api/kernels makes a kernel with packages", () =>
  withServer(async (server) => {
    const id = await server.createKernel({ packages: ["beta"] });
    const events = await server.json(200, "POST", `/api/kernels/${id}/execute`, {
      code: "import beta\nbeta.value",
    });
    assert(JSON.stringify(events).includes('"text/plain":"41"'));
    await server.json(422, "POST", "/api/kernels", { packages: ["nosuch"] });
  }));

Deno.test("GET /api/executions/:id/events tells how far packages are", () =>
  withServer(async (server) => {
    const id = await server.createKernel();
    const path = `/api/kernels/${id}/executions`;
    const run = await (await server.request("POST", path, { code: "import beta" })).json();
    const text = await (await server.request("GET", `/api/executions/${run.id}/events`)).text();
    assert.match(text, /"type":"package_progress".*"name":"beta","bytes":null,"done":false/);
    assert.match(text, new RegExp(`"name":"beta","bytes":${beta.bytes.length},"done":true`));
  }));
