import assert from "node:assert/strict";
import { acceptsPages, parseIndexPage } from "../../../kernel/packages/index_page.ts";

const URL_OF_PAGE = "https://index.example/simple/alpha/";
const HASH = "ab".repeat(32);

function page(contentType: string, body: string, project = "alpha") {
  return parseIndexPage({
    contentType,
    url: URL_OF_PAGE,
    bytes: new TextEncoder().encode(body),
  }, project);
}

function json(files: unknown[], more: Record<string, unknown> = {}) {
  const body = { meta: { "api-version": "1.3" }, name: "Alpha", files, ...more };
  return page("application/vnd.pypi.simple.v1+json", JSON.stringify(body));
}

Deno.test("parseIndexPage() reads a page in JSON, and makes addresses absolute", async () => {
  const wheel = "alpha-1.0-py3-none-any.whl";
  const { name, files, versions } = await json([
    { filename: wheel, url: "../../files/alpha-1.0-py3-none-any.whl#sha256=x", hashes: {} },
    {
      filename: wheel,
      url: "//files.example/1",
      hashes: { sha256: HASH.toUpperCase() },
      "core-metadata": true,
    },
    { filename: wheel, url: "https://me:secret@files.example/2", size: 3, yanked: "broken" },
    { filename: "alpha-1.0.tar.gz", url: "/alpha-1.0.tar.gz", "requires-python": ">=3.9" },
  ], { versions: ["1.0"], "_last-serial": 1 });
  assert.deepEqual([name, versions], ["alpha", ["1.0"]]);
  assert.deepEqual(files, [
    { filename: wheel, url: `https://index.example/files/${wheel}`, hashes: {} },
    {
      filename: wheel,
      url: "https://files.example/1",
      hashes: { sha256: HASH },
      "core-metadata": true,
    },
    { filename: wheel, url: "https://files.example/2", hashes: {}, size: 3, yanked: "broken" },
    {
      filename: "alpha-1.0.tar.gz",
      url: "https://index.example/alpha-1.0.tar.gz",
      hashes: {},
      "requires-python": ">=3.9",
    },
  ]);
});

Deno.test("parseIndexPage() reads a page in HTML as one in JSON", async () => {
  const { files } = await page(
    "text/html; charset=utf-8",
    `<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0">
    <base href="https://files.example/a/"><base href="https://ignored.example/"></head><body>
    <!-- <a href="comment-1-py3-none-any.whl">alpha-9-py3-none-any.whl</a> -->
    <script>"<a href='alpha-8-py3-none-any.whl'>"</script>
    <a href="alpha-1.0%2Bcpu-py3-none-any.whl#sha256=${HASH}" data-requires-python="&gt;=3.9"
      data-dist-info-metadata="sha256=${HASH}">other text</a>
    <A HREF='/alpha-2-py3-none-any.whl' DATA-YANKED data-core-metadata=true>x</A>
    <a href="javascript:alert(1)">alpha-3-py3-none-any.whl</a><a name=x>y</a></body>`,
  );
  assert.deepEqual(files, [
    {
      filename: "alpha-1.0+cpu-py3-none-any.whl",
      url: "https://files.example/a/alpha-1.0%2Bcpu-py3-none-any.whl",
      hashes: { sha256: HASH },
      "core-metadata": { sha256: HASH },
      "requires-python": ">=3.9",
    },
    {
      filename: "alpha-2-py3-none-any.whl",
      url: "https://files.example/alpha-2-py3-none-any.whl",
      hashes: {},
      "core-metadata": true,
      yanked: true,
    },
  ]);
});

Deno.test("parseIndexPage() leaves out files that are not well described, and wheels of other projects", async () => {
  const url = "https://files.example/x";
  const { files } = await json([
    null,
    { filename: "alpha-1-py3-none-any.whl" },
    { filename: "alpha-1-py3-none-any.whl", url: "file:///etc/passwd" },
    { filename: "alpha-1-py3-none-any.whl", url: "x".repeat(5_000) },
    { filename: "alpha-1-py3-none-any.whl", url, hashes: { sha256: "short" } },
    { filename: "beta-1-py3-none-any.whl", url },
    { filename: "al\u212aha-1-py3-none-any.whl", url },
    { filename: "alpha.whl", url },
    { filename: "alpha-1-py3-none-any.whl", url: "/beta-1-py3-none-any.whl" },
    { filename: "alpha-1-py3-none-any.whl", url: "/beta-1-py3-none-any%2ewhl" },
    { filename: "AL-PHA-1-py3-none-any.whl", url },
    { filename: "alpha-1-py3-none-any.whl", url: "/kept" },
  ]);
  assert.deepEqual(files.map((file) => file.url), ["https://index.example/kept"]);
});

Deno.test("parseIndexPage() refuses what is no page of the project", async () => {
  const type = "application/vnd.pypi.simple.v1+json";
  for (
    const [contentType, body, reason] of [
      [type, "<html>", /it is not JSON$/],
      [type, "[".repeat(100_000), /it is not JSON$/],
      [type, '{"files": []}', /meta: /],
      [type, '{"meta": {"api-version": "2.0"}, "files": []}', /it has version 2\.0/],
      [type, '{"meta": {"api-version": "1.0"}, "name": "beta", "files": []}', /page of "beta"$/],
      [type, '{"meta": {"api-version": "1.0"}, "files": {}}', /files: /],
      ["text/html", '<meta name="pypi:repository-version" content="2.0">', /it has version 2\.0/],
      ["application/octet-stream", "PK", /type is "application\/octet-stream"/],
      ["", "", /its type is ""/],
    ] as const
  ) {
    await assert.rejects(page(contentType, body), {
      code: "protocol_violation",
      message: reason,
    }, body);
  }
});

Deno.test("acceptsPages() tells if an Accept header allows JSON", () => {
  for (const accept of [undefined, "*/*", "text/html, application/json;q=0.1", "application/*"]) {
    assert(acceptsPages(accept), accept);
  }
  for (const accept of ["text/html", "text/*", "application/vnd.pypi.simple.v2+json"]) {
    assert(!acceptsPages(accept), accept);
  }
});

Deno.test("parseIndexPage() lets this thread do other work while it reads a large page", async () => {
  const links = Array.from({ length: 5_000 }, (_, index) => {
    const filename = `alpha-1.${index}-py3-none-any.whl`;
    return { filename, url: `https://files.example/${filename}` };
  });
  const html = links.map(({ url }) => `<a href="${url}"></a>`).join("");
  for (const read of [() => json(links), () => page("text/html", html)]) {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    try {
      assert.equal((await read()).files.length, 5_000);
    } finally {
      clearInterval(timer);
    }
    assert(turns > 3, `${turns} turns`);
  }
});
