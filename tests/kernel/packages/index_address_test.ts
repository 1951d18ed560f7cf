import assert from "node:assert/strict";
import { IndexAddress } from "../../../kernel/packages/index_address.ts";

const index = new IndexAddress("https://index.example/team/simple");

Deno.test("IndexAddress.parse() reads the page of a project in any spelling as one canonical name", () => {
  for (
    const path of [
      "/team/simple/be-ta/",
      "/team/simple/Be_Ta/",
      "/team/simple/be.-_ta/",
      "/team/simple/%62e-ta/",
      "/team/./simple/x/../be-ta/",
      "/team/%2e/simple/x/%2E%2e/be-ta/",
      "\\team\\simple\\be-ta\\",
      "/team/simple/be-\tta/",
      "/team/simple/be-ta/?#fragment",
    ]
  ) {
    assert.deepEqual(index.parse(`https://index.example${path}`), {
      kind: "page",
      project: "be-ta",
    }, path);
  }
  assert.deepEqual(index.parse("HTTPS://INDEX.EXAMPLE:443/team/simple/beta/"), {
    kind: "page",
    project: "beta",
  });
  assert.equal(index.pageOf("Be_Ta"), "https://index.example/team/simple/be-ta/");
});

Deno.test("IndexAddress.parse() takes every other address for a file, which has to be linked", () => {
  for (
    const path of [
      "/team/simple/",
      "/team/simple//beta/",
      "/team/simple/beta//",
      "/team/simple/beta",
      "/team/simple/beta/?x=/simple/alpha/",
      "/team/simple/alpha/..;/beta/",
      "/team/simple/alpha%2f..%2fbeta/",
      "/team/simple/..%2f..%2fadmin/",
      "/team/simple/%2e%2e%2fadmin/",
      "/team/simple/%252e%252e/",
      "/team/simple/beta%00/",
      "/team/simple/beta%20/",
      "/team/simple/-beta-/",
      "/team/simple/.beta/",
      "/team/simple/b%E2%84%AA/",
      "/team/simple/\uff42eta/",
      "/team/simple/be%ta/",
      "/team/simple/../admin/api/",
      "/team/simplebeta/",
      "/TEAM/simple/beta/",
      "/admin/api",
    ]
  ) {
    const request = index.parse(`https://index.example${path}`);
    assert.equal(request.kind, "file", path);
  }
  for (
    const other of [
      "http://index.example/team/simple/beta/",
      "https://index.example:444/team/simple/beta/",
      "https://index.example.:443/team/simple/beta/",
      "https://index.example.evil/team/simple/beta/",
    ]
  ) assert.equal(index.parse(other).kind, "file", other);
});

Deno.test("IndexAddress.parse() refuses what is no address of a server, and credentials", () => {
  for (
    const address of [
      "",
      "beta",
      "//index.example/team/simple/beta/",
      "file:///etc/passwd",
      "data:text/plain,x",
      "ftp://index.example/team/simple/beta/",
      "https://user@index.example/team/simple/beta/",
      "https://:secret@index.example/team/simple/beta/",
    ]
  ) {
    assert.throws(() => index.parse(address), {
      code: "permission_denied",
      message: /^Cannot fetch ".*": the kernel has no network; it gets the pages /,
    }, address);
  }
});

Deno.test("IndexAddress reads the pages of an index at the root of its server", () => {
  const root = new IndexAddress("http://127.0.0.1:3141");
  assert.deepEqual(root.parse("http://127.0.0.1:3141/beta/"), { kind: "page", project: "beta" });
  assert.equal(root.parse("http://127.0.0.1:3141/beta-1-py3-none-any.whl").kind, "file");
  assert.equal(root.projectAt(new URL("http://127.0.0.1:3141/Beta")), "beta");
});
