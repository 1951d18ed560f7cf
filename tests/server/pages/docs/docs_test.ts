import assert from "node:assert/strict";
import { fakeManager } from "../../../support/fake_host.ts";
import { createServer } from "../../../support/server.ts";

Deno.test("GET /openapi.json describes every route of the API", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const document = await server.json(200, "GET", "/openapi.json");
  assert.equal(document.openapi, "3.1.0");
  for (
    const path of [
      "/api/kernels",
      "/api/kernels/{id}",
      "/api/kernels/{id}/executions",
      "/api/kernels/{id}/execute/result/{session_id}",
      "/api/kernels/{id}/files/content",
      "/api/executions/{id}/events",
      "/api/notebooks/{path}",
      "/health",
      "/coderunner/execute",
      "/colab/execution_status/{execution_id}",
      "/kernel-proxy/execute_code",
      "/jupycell/cell",
    ]
  ) assert(path in document.paths, path);
  assert(!("/execute_code" in document.paths), "paths at the root are described twice");
  const body = document.paths["/api/kernels/{id}/executions"].post.requestBody;
  const schema = document.components.schemas.SubmitExecution;
  assert.deepEqual(body.content["application/json"].schema, {
    $ref: "#/components/schemas/SubmitExecution",
  });
  assert.deepEqual(schema.required, ["code"]);
  assert.equal(schema.additionalProperties, false);
});

Deno.test("GET /docs is a page whose scripts and styles are the server's own", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const page = await server.request("GET", "/docs");
  assert.match(page.headers.get("Content-Security-Policy")!, /script-src 'self'/);
  const html = await page.text();
  assert.doesNotMatch(html, /https?:/);
  for (const [, asset] of html.matchAll(/(?:href|src)="([^"]+)"/g)) {
    const response = await server.request("GET", asset!);
    assert.equal(response.status, 200, asset);
    assert((await response.text()).length > 50);
  }
  assert.equal((await server.request("GET", "/docs/package.json")).status, 404);
});
