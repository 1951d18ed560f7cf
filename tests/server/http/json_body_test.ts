import assert from "node:assert/strict";
import { run } from "../../support/programs.ts";
import { withServer } from "../../support/server.ts";

Deno.test("jsonBody() reads bodies of unknown length, and none, that come over a port", () =>
  withServer({ MAX_BODY_BYTES: "100" }, async (server) => {
    const url = `${await server.listen()}/api/kernels`;
    const post = async (...args: string[]) =>
      JSON.parse(await run("curl", ["-s", "-X", "POST", url, ...args]));
    assert.equal((await post()).status, "idle");
    const chunked = ["-H", "Transfer-Encoding: chunked", "-d"];
    assert.equal((await post(...chunked, '{"id": "a"}')).id, "a");
    assert.equal((await post(...chunked, "{")).code, "invalid_json");
    const large = JSON.stringify({ id: "a".repeat(200) });
    assert.equal((await post(...chunked, large)).code, "payload_too_large");
    assert.equal((await post("-d", large)).code, "payload_too_large");
  }));
