import assert from "node:assert/strict";
import { openDebugPorts } from "../../../../server/apis/e2b/debug_ports.ts";
import { withServer } from "../../../support/server.ts";

Deno.test("openDebugPorts() makes each request one of the shared sandbox's, and no other's", () =>
  withServer({}, async ({ services: { sandboxes }, config }) => {
    const fetched: Request[] = [];
    const [listener] = await openDebugPorts({
      fetch: (request) => (fetched.push(request), new Response(request.body)),
      sandboxes,
      limits: config,
      ports: [0],
    });
    try {
      const response = await fetch(`http://127.0.0.1:${listener!.address.port}/execute?a=b`, {
        method: "POST",
        body: "text",
        headers: {
          "E2b-Sandbox-Id": "another",
          "X-Access-Token": "wrong",
          "E2B-Traffic-Access-Token": "wrong",
        },
      });
      assert.equal(await response.text(), "text");
    } finally {
      await listener!.close(0);
    }
    const { headers, url } = fetched[0]!;
    const sandbox = sandboxes.debugSandbox("python");
    assert.match(url, /\/e2b\/execute\?a=b$/);
    assert.equal(headers.get("E2b-Sandbox-Id"), sandbox.id);
    assert.equal(headers.get("X-Access-Token"), sandbox.accessToken);
    assert.equal(headers.get("E2B-Traffic-Access-Token"), null);
  }));
