import assert from "node:assert/strict";
import { createBroker } from "../../../kernel/packages/broker.ts";
import { createPackageStore } from "../../../kernel/pyodide/package_source.ts";
import { makeWheel, serveDistribution } from "../../support/distribution.ts";
import { temporaryDirectory } from "../../support/mod.ts";

const alpha = makeWheel({ name: "alpha", version: "1.0", files: { "alpha.py": "value = 1" } });

Deno.test("createBroker() gives compiled files by the SHA-256 of their wheel, and touches no other file", async () => {
  await using directory = await temporaryDirectory();
  await using distribution = await serveDistribution([alpha]);
  await using store = await createPackageStore(
    { baseUrl: distribution.url, cacheDir: `${directory.path}/cache` },
    { compile: () => assert.fail("there is no wheel") },
  );
  const answer = createBroker(() => Promise.resolve(store));
  const none = await answer({ url: `packages:bytecode/${"0".repeat(64)}` });
  assert.deepEqual([none.status, none.bytes.length], [404, 0]);
  const secret = `${directory.path}/secret`;
  await Deno.mkdir(`${directory.path}/cache/files`, { recursive: true });
  await Deno.writeTextFile(secret, "mine");
  for (const name of ["../../secret", secret, "", "0".repeat(63), `${"0".repeat(64)}\n`]) {
    await assert.rejects(
      answer({ url: `packages:bytecode/${name}` }),
      { code: "protocol_violation", message: /is no SHA-256; use 64 hexadecimal digits$/ },
      name,
    );
  }
  await store.compiled;
  assert.equal(await Deno.readTextFile(secret), "mine");
});

Deno.test("createBroker() says what is wrong with a request", async () => {
  const answer = createBroker(() => assert.fail("nothing is asked of it"));
  for (
    const [request, field] of [
      [{}, "url"],
      [{ url: "x".repeat(5_000) }, "url"],
      [{ url: "packages:list", accept: "a\r\nHost: b" }, "accept"],
    ] as const
  ) {
    await assert.rejects(answer(request), {
      code: "protocol_violation",
      message: new RegExp(`^Cannot fetch: ${field}: `),
    });
  }
});
