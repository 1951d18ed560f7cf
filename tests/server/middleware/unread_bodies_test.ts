import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { withServer } from "../../support/server.ts";

const TOKEN = "0123456789abcdef";

Deno.test("endUnreadBodies() lets nobody follow a kernel whose events were asked for by HEAD", () =>
  withServer({ TOKEN }, async (server) => {
    const { secret } = server.services.tokens.issue({ namespace: "alice", scopes: ["read"] });
    const id = await server.kernels.createKernel({ namespace: "alice", id: "demo" });
    const kernel = server.kernels.getKernel(id);
    const on = kernel.events.on.bind(kernel.events);
    let begun = 0;
    let ended = 0;
    kernel.events.on = (...args) => {
      begun++;
      const subscription = on(...args);
      return {
        [Symbol.dispose]() {
          ended++;
          subscription[Symbol.dispose]();
        },
      };
    };
    for (const token of [secret, TOKEN]) {
      const headers = { Authorization: `Bearer ${token}`, Accept: "text/event-stream" };
      const { status, body } = await server.request(
        "HEAD",
        `/api/kernels/${id}/events`,
        undefined,
        headers,
      );
      assert.deepEqual([status, body], [200, null]);
    }
    for (let turn = 0; ended < begun && turn < 1_000; turn++) await setImmediate();
    assert.deepEqual([begun, ended], [2, 2]);
  }));
