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

/** A `fetch` that redirects as its table says, and keeps what it was asked. */
function redirecting(table: Record<string, [status: number, location: string]>) {
  const asked: { url: string; method: string; body: string; headers: string[] }[] = [];
  const network = new Network({
    net: ["a.example", "b.example:8080", "c.example", "d.example"],
    host: {
      lookUp: (name) => Promise.resolve([ADDRESSES[name] ?? "198.51.100.7"]),
      authorities: () => Promise.resolve([]),
    },
  });
  const fetch = grantedFetch(async (input) => {
    const request = input as Request;
    const { url, method, headers } = request;
    asked.push({ url, method, body: await request.text(), headers: [...headers.keys()] });
    const [status, location] = table[url.replace(/#.*/, "")] ?? [];
    if (location === undefined) return new Response("x");
    return new Response("moved", { status: status!, headers: { location } });
  }, (host, port) => network.check(host, port));
  return { fetch, asked };
}

/** The addresses that names of the tests lead to. */
const ADDRESSES: Record<string, string> = {
  "c.example": "192.168.0.1",
  "d.example": "::ffff:10.0.0.1",
};

Deno.test("grantedFetch() sends nothing to a name that leads to a private address, also by a redirect", async () => {
  const { fetch, asked } = redirecting({
    "http://b.example:8080/to": [302, "http://c.example/"],
    "http://a.example/twice": [307, "http://b.example:8080/to"],
  });
  assert.equal(await (await fetch("http://a.example/")).text(), "x");
  const message = /^The kernel may not connect to c\.example: the name leads to 192\.168\.0\.1/;
  for (const url of ["http://c.example/", "http://b.example:8080/to", "http://a.example/twice"]) {
    await assert.rejects(fetch(url), { name: "TypeError", message });
  }
  await assert.rejects(fetch("http://d.example/"), { message: /leads to ::ffff:10\.0\.0\.1/ });
  assert.equal(asked.some(({ url }) => /\/\/[cd]\.example/.test(url)), false);
});

Deno.test("grantedFetch() follows redirects as the standard of fetch says", async () => {
  const { fetch, asked } = redirecting({
    "http://a.example/303": [303, "/next"],
    "http://a.example/307": [307, "http://b.example:8080/next"],
    "http://a.example/file": [301, "file:///etc/passwd"],
    "http://a.example/loop": [302, "/loop"],
  });
  const init = { method: "POST", body: "text", headers: { authorization: "secret" } };
  const response = await fetch("http://a.example/303#part", init);
  assert.deepEqual([response.redirected, response.status], [true, 200]);
  const { url, method, body, headers } = asked.at(-1)!;
  assert.deepEqual([url, method, body], ["http://a.example/next#part", "GET", ""]);
  assert.deepEqual(headers, ["authorization"]);
  await fetch("http://a.example/307", init);
  assert.deepEqual(asked.at(-1), {
    url: "http://b.example:8080/next",
    method: "POST",
    body: "text",
    headers: ["content-type"],
  });
  const stream = new Blob(["text"]).stream();
  await assert.rejects(
    fetch("http://a.example/307", { method: "POST", body: stream }),
    /which was a stream/,
  );
  const plain = await fetch("http://a.example/303", { ...init, redirect: "manual" });
  assert.deepEqual([plain.status, plain.redirected], [303, false]);
  await assert.rejects(fetch("http://a.example/file"), /A redirect leads to file:/);
  await assert.rejects(fetch("http://a.example/loop"), /too many redirects/);
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
