import assert from "node:assert/strict";
import type { IndexFile } from "../../../kernel/packages/index_page.ts";
import { LinkedFiles } from "../../../kernel/packages/linked_files.ts";

function page(name: string, ...files: Partial<IndexFile>[]) {
  return {
    meta: { "api-version": "1.0" },
    name,
    files: files.map((file, index) => ({
      filename: `${name}-${index}-py3-none-any.whl`,
      url: `https://files.example/${name}/${index}`,
      hashes: {},
      ...file,
    })),
  };
}

Deno.test("LinkedFiles.get() knows wheels and sources of pages by their exact address, and nothing else", () => {
  const linked = new LinkedFiles();
  linked.add(page(
    "alpha",
    { hashes: { sha256: "ab" } },
    { filename: "beta-1.tar.gz" },
    { filename: "alpha-1.exe" },
    { filename: "Alpha-1.tar.gz" },
  ));
  assert.equal(linked.get("https://files.example/alpha/3")?.filename, "Alpha-1.tar.gz");
  assert.deepEqual(linked.get("https://files.example/alpha/0"), {
    url: "https://files.example/alpha/0",
    filename: "alpha-0-py3-none-any.whl",
    project: "alpha",
    sha256: "ab",
  });
  for (
    const path of [
      "/alpha/1",
      "/alpha/2",
      "/alpha/0/",
      "/alpha//0",
      "/ALPHA/0",
      "/alpha/%30",
      "/alpha/0?x",
    ]
  ) assert.equal(linked.get(`https://files.example${path}`), undefined, path);
});

Deno.test("LinkedFiles.get() knows the metadata of wheels whose page says that there is some", () => {
  const linked = new LinkedFiles();
  const signed = "https://files.example/signed.whl?key=1";
  linked.add(page(
    "alpha",
    { "core-metadata": { sha256: "cd" } },
    { "dist-info-metadata": true, url: signed },
    { "core-metadata": false },
    {},
  ));
  const described = linked.get("https://files.example/alpha/0.metadata");
  assert.deepEqual([described?.filename, described?.sha256], [
    "alpha-0-py3-none-any.whl.metadata",
    "cd",
  ]);
  assert.equal(
    linked.get(`${signed}.metadata`)?.url,
    "https://files.example/signed.whl.metadata?key=1",
  );
  assert.equal(linked.get("https://files.example/alpha/2.metadata"), undefined);
  assert.equal(linked.get("https://files.example/alpha/3.metadata"), undefined);
});

Deno.test("LinkedFiles replaces the links of a page, and forgets those of the least recently used page", () => {
  const linked = new LinkedFiles(3);
  const has = (path: string) => linked.get(`https://files.example/${path}`) !== undefined;
  linked.add(page("alpha", {}, {}));
  linked.add(page("alpha", {}));
  assert.deepEqual([has("alpha/0"), has("alpha/1")], [true, false]);
  linked.add(page("beta", {}));
  linked.add(page("gamma", {}));
  assert(has("alpha/0"));
  linked.add(page("delta", {}));
  assert.deepEqual(["alpha", "beta", "gamma", "delta"].map((name) => has(`${name}/0`)), [
    true,
    false,
    true,
    true,
  ]);
  linked.add(page("large", {}, {}, {}, {}));
  assert(has("large/3"));
  assert(!has("alpha/0"));
});
