import assert from "node:assert/strict";
import { grantedFetch } from "../../../kernel/network/granted_fetch.ts";
import { Network } from "../../../kernel/network/network.ts";
import { createKernel } from "../../support/mod.ts";

Deno.test("grantedFetch() names the host that was not granted, and passes on other errors and responses", async () => {
  const refuse = grantedFetch(() =>
    Promise.reject(
      Object.assign(
        new Error('Requires net access to "a.example:80", run again with the --allow-net flag'),
        {
          name: "NotCapable",
        },
      ),
    )
  );
  await assert.rejects(refuse("http://a.example/"), {
    name: "TypeError",
    message: "The kernel may not connect to a.example:80: it was not granted this host",
  });
  const broken = grantedFetch(() => Promise.reject(new TypeError("broken")));
  await assert.rejects(broken("http://a.example/"), { message: "broken" });
  const answer = grantedFetch(() => Promise.resolve(new Response("x")));
  assert.equal(await (await answer("http://a.example/")).text(), "x");
});

Deno.test("grantedFetch() says that a name has led to a private address, which the engine has refused", async () => {
  const cause = new Error(
    'client error (Connect): Requires net access to "10.0.0.1:80", run again with the --allow-net flag',
  );
  const refuse = grantedFetch(() => Promise.reject(new TypeError("fetch failed", { cause })));
  await assert.rejects(refuse("http://a.example/"), {
    name: "TypeError",
    message:
      "The kernel may not connect to a.example: the name leads to 10.0.0.1, an address of a " +
      "private network, which was not granted",
  });
});

Deno.test("grantedFetch() checks the host that is asked, and the one that has answered", async () => {
  const asked: string[] = [];
  const network = new Network({
    net: ["a.example", "b.example:8080", "c.example"],
    host: {
      lookUp: (name) => Promise.resolve([name === "c.example" ? "192.168.0.1" : "198.51.100.7"]),
      authorities: () => Promise.resolve([]),
    },
  });
  let canceled = false;
  const fetch = grantedFetch((input) => {
    asked.push(String(input));
    if (String(input) !== "http://b.example:8080/to") return Promise.resolve(new Response("x"));
    const body = new ReadableStream({ cancel: () => void (canceled = true) });
    const response = new Response(body);
    Object.defineProperties(response, {
      redirected: { value: true },
      url: { value: "http://c.example/" },
    });
    return Promise.resolve(response);
  }, (host, port) => network.check(host, port));
  assert.equal(await (await fetch("http://a.example/")).text(), "x");
  const message = /^The kernel may not connect to c\.example: the name leads to 192\.168\.0\.1/;
  await assert.rejects(fetch("http://c.example/"), { name: "TypeError", message });
  await assert.rejects(fetch("http://b.example:8080/to"), { name: "TypeError", message });
  assert.deepEqual(asked, ["http://a.example/", "http://b.example:8080/to"]);
  assert.equal(canceled, true);
});

for (const mode of ["worker", "process"] as const) {
  Deno.test(`a ${mode} kernel's Python is told which host it was not granted`, async () => {
    await using fixture = await createKernel({
      mode,
      deno: { permissions: { net: ["b.example:80"] } },
    });
    const { error } = await fixture.kernel.execute(
      "from pyodide.http import pyfetch\nawait pyfetch('http://a.example/')",
    );
    assert.match(error?.evalue ?? "", /^The kernel may not connect to a\.example:80: /);
  });
}
