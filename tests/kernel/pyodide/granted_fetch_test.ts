import assert from "node:assert/strict";
import { grantedFetch } from "../../../kernel/pyodide/granted_fetch.ts";
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
