import assert from "node:assert/strict";
import { createPackageStore } from "../../../kernel/pyodide/package_source.ts";
import type { PackageStore, PackageStoreOptions } from "../../../kernel/packages/package_store.ts";
import { sha256 } from "../../../kernel/whole_file.ts";
import {
  type Distribution,
  makeWheel,
  serveDistribution,
  type Wheel,
} from "../../support/distribution.ts";
import { temporaryDirectory, warnings } from "../../support/mod.ts";

const alpha = makeWheel({ name: "alpha", version: "1.0", files: { "alpha.py": "value = 1" } });
const beta = makeWheel({ name: "beta", version: "2.0", files: { "beta.py": "value = 2" } });

interface Fixture extends AsyncDisposable {
  distribution: Distribution;
  /** The address of the server, and of its index. */
  url: string;
  index: string;
  open(options?: PackageStoreOptions): Promise<PackageStore>;
}

async function fixture(): Promise<Fixture> {
  const distribution = await serveDistribution([], { indexed: [alpha, beta] });
  const { url, indexUrl } = distribution;
  return {
    distribution,
    url,
    index: indexUrl,
    open: (options = {}) =>
      createPackageStore({ baseUrl: url, indexUrl, cacheDir: null, ...options }),
    [Symbol.asyncDispose]: () => distribution[Symbol.asyncDispose](),
  };
}

const JSON_FORM = "application/vnd.pypi.simple.v1+json";

/** Answers with the page of a project. */
function page(name: string, files: unknown[]): () => Response {
  const body = JSON.stringify({ meta: { "api-version": "1.0" }, name, files });
  return () => new Response(body, { headers: { "Content-Type": JSON_FORM } });
}

function redirect(to: string): () => Response {
  return () => new Response(null, { status: 302, headers: { Location: to } });
}

Deno.test("PackageStore.fetch() gives a page as JSON with absolute addresses, and the files that it links", async () => {
  await using it = await fixture();
  it.distribution.answers.set("/simple/alpha/", () =>
    new Response(
      `<a href="../../${alpha.fileName}#sha256=x">alpha</a><a href="/alpha-1.tar.gz">alpha</a><a href="/alpha-1.exe">alpha</a>`,
      { headers: { "Content-Type": "text/html" } },
    ));
  const store = await it.open();
  const answer = await store.fetch(`${it.index}/alpha/`, `${JSON_FORM}, */*;q=0.01`);
  assert.deepEqual([answer.status, answer.contentType], [200, JSON_FORM]);
  const { name, files } = JSON.parse(new TextDecoder().decode(answer.bytes));
  assert.deepEqual([name, files.length], ["alpha", 3]);
  assert.deepEqual((await store.fetch(files[0].url)).bytes, alpha.bytes);
  it.distribution.answers.set("/alpha-1.tar.gz", () => new Response("sources"));
  assert.equal(new TextDecoder().decode((await store.fetch(files[1].url)).bytes), "sources");
  await assert.rejects(store.fetch(files[2].url), { code: "permission_denied" });
  assert.equal((await store.fetch(`${it.index}/none/`)).status, 404);
  assert.equal((await store.fetch(`${it.index}/alpha/`, "text/html")).status, 406);
});

Deno.test("PackageStore.fetch() fetches a file that a page links also when nobody has asked for the page", async () => {
  await using it = await fixture();
  const store = await it.open();
  const url = `${it.url}/${beta.fileName}`;
  assert.deepEqual((await store.fetch(url)).bytes, beta.bytes);
  assert.deepEqual(it.distribution.requests, ["/simple/beta/", `/${beta.fileName}`]);
});

Deno.test("PackageStore.fetch() asks the index's server for nothing but pages of allowed projects and their files", async () => {
  await using it = await fixture();
  const { distribution, url, index } = it;
  const asked = new Set<string>();
  for (const path of ["/admin/api", "/simple/", "/", "/alpha-1.0.tar.gz"]) {
    distribution.answers.set(path, () => {
      asked.add(path);
      return new Response("secret");
    });
  }
  const store = await it.open({ deny: ["Beta"] });
  await store.fetch(`${index}/alpha/`);
  await store.fetch(`${url}/${alpha.fileName}`);
  const before = distribution.requests.length;
  for (
    const address of [
      `${url}/admin/api`,
      `${url}/`,
      `${url}/alpha-1.0.tar.gz`,
      `${url}/pyodide-lock.json`,
      `${url}/${alpha.fileName}/../admin/api`,
      `${url}/${alpha.fileName}/..;/admin/api`,
      `${url}/${alpha.fileName}%2f..%2fadmin%2fapi`,
      `${url}/${alpha.fileName}?next=/admin/api`,
      `${url}/${alpha.fileName}/`,
      `${url}//${alpha.fileName}`,
      `${url}/${alpha.fileName}%00`,
      `${url}/${beta.fileName}`,
      `${url}/beta-2.0-py3-none-any.%77hl`,
      `${url}/%62eta-2.0-py3-none-any.whl`,
      `${url}/BETA-2.0-py3-none-any.whl`,
      `${url}/x/%2e%2e/${beta.fileName}`,
      `${url}/${beta.fileName}.metadata`,
      `${url}/beta-2.0.tar.gz`,
      `${index}/`,
      `${index}`,
      `${index}/alpha`,
      `${index}//alpha/`,
      `${index}/alpha//`,
      `${index}/alpha/?x`,
      `${index}/alpha/../../admin/api`,
      `${index}/alpha/%2e%2e/%2e%2e/admin/api`,
      `${index}/..%2f..%2fadmin%2fapi/`,
      `${index}\\..\\admin\\api`,
      `${index}/beta/`,
      `${index}/BETA/`,
      `${index}/b%65ta/`,
      `${index}/x/../beta/`,
      `${index}/beta/#alpha`,
    ]
  ) {
    await assert.rejects(
      store.fetch(address),
      { code: /permission_denied|invalid_argument/ },
      address,
    );
  }
  // The pages of projects whose wheels have been named may be asked for, and nothing else.
  const pages = new Set(distribution.requests.slice(before));
  pages.delete("/simple/alpha/");
  assert.deepEqual([...pages], []);
  assert.deepEqual([...asked], []);
});

Deno.test("PackageStore.fetch() refuses links to other servers, to other platforms, and files that were not linked", async () => {
  await using elsewhere = await serveDistribution([], { indexed: [alpha] });
  await using it = await fixture();
  const linux = "alpha-1.0-cp314-cp314-manylinux_2_17_x86_64.whl";
  it.distribution.answers.set(
    "/simple/alpha/",
    page("alpha", [
      { filename: alpha.fileName, url: `${elsewhere.url}/${alpha.fileName}` },
      { filename: linux, url: `/${linux}` },
    ]),
  );
  const store = await it.open();
  await store.fetch(`${it.index}/alpha/`);
  await assert.rejects(store.fetch(`${elsewhere.url}/${alpha.fileName}`), {
    code: "permission_denied",
    message: /nothing comes from elsewhere \(PACKAGE_ORIGINS\)/,
  });
  assert.deepEqual(elsewhere.requests, []);
  await assert.rejects(store.fetch(`${it.url}/${linux}`), { message: /does not run here/ });
  await assert.rejects(store.fetch(`${it.url}/${alpha.fileName}`), {
    code: "permission_denied",
    message: /the files that these link, and nothing else/,
  });
  const wider = await it.open({ origins: [elsewhere.url] });
  assert.deepEqual((await wider.fetch(`${elsewhere.url}/${alpha.fileName}`)).bytes, alpha.bytes);
});

Deno.test("PackageStore.fetch() follows no redirect of a page to another path or a denied project", async () => {
  await using it = await fixture();
  const { answers, requests } = it.distribution;
  const store = await it.open({ deny: ["beta"] });
  for (
    const target of [
      "/simple/beta/",
      "/simple/%62eta",
      "/admin/api",
      "/simple/",
      "//127.0.0.1:1/",
      "http://",
    ]
  ) {
    answers.set("/simple/alpha/", redirect(target));
    requests.length = 0;
    await assert.rejects(store.fetch(`${it.index}/alpha/`), { code: "permission_denied" }, target);
    assert.deepEqual(requests, ["/simple/alpha/"]);
  }
});

Deno.test("PackageStore.fetch() follows a redirect of a file to the same file only", async () => {
  await using it = await fixture();
  const { answers, requests } = it.distribution;
  const hashes = { sha256: await sha256(alpha.bytes) };
  const url = `/files/${alpha.fileName}`;
  answers.set("/blob", () => new Response(alpha.bytes));
  for (const pinned of [true, false]) {
    answers.set(
      "/simple/alpha/",
      page("alpha", [{ filename: alpha.fileName, url, ...(pinned && { hashes }) }]),
    );
    const store = await it.open();
    answers.set(url, redirect(`/${alpha.fileName}?signature=1`));
    assert.deepEqual((await store.fetch(it.url + url)).bytes, alpha.bytes);
    for (const target of [`/${beta.fileName}`, `/x/beta-2.0-py3-none-any%2ewhl`]) {
      answers.set(url, redirect(target));
      requests.length = 0;
      await assert.rejects(store.fetch(it.url + url), {
        code: "permission_denied",
        message: /redirects to another file/,
      }, target);
      assert(!requests.some((path) => path.includes("beta")), target);
    }
    answers.set(url, redirect("/blob"));
    if (pinned) assert.deepEqual((await store.fetch(it.url + url)).bytes, alpha.bytes);
    else await assert.rejects(store.fetch(it.url + url), { code: "permission_denied" });
  }
});

Deno.test("PackageStore.fetch() compares a file with the hash of its page, and fetches one that has changed", async () => {
  await using directory = await temporaryDirectory();
  await using it = await fixture();
  const { answers } = it.distribution;
  const url = `${it.url}/${alpha.fileName}`;
  const store = await it.open({ cacheDir: directory.path });
  answers.set(`/${alpha.fileName}`, () => new Response(beta.bytes));
  await assert.rejects(store.fetch(url), {
    code: "protocol_violation",
    message: /its content is not what the index's page says \(sha256\)/,
  });
  answers.delete(`/${alpha.fileName}`);
  assert.deepEqual((await store.fetch(url)).bytes, alpha.bytes);
  // The index has another file at the same address now.
  answers.set(`/${alpha.fileName}`, () => new Response(beta.bytes));
  answers.set(
    "/simple/alpha/",
    page("alpha", [{
      filename: alpha.fileName,
      url,
      hashes: { sha256: await sha256(beta.bytes) },
    }]),
  );
  await store.fetch(`${it.index}/alpha/`);
  assert.deepEqual((await store.fetch(url)).bytes, beta.bytes);
});

Deno.test("PackageStore.fetch() gives the metadata of linked wheels, compared with the hash of the page", async () => {
  await using it = await fixture();
  const { answers } = it.distribution;
  const text = new TextEncoder().encode("Name: alpha\n");
  answers.set(
    "/simple/alpha/",
    page("alpha", [{
      filename: alpha.fileName,
      url: `${it.url}/${alpha.fileName}`,
      "core-metadata": { sha256: await sha256(text) },
    }]),
  );
  const url = `${it.url}/${alpha.fileName}.metadata`;
  answers.set(`/${alpha.fileName}.metadata`, () => new Response(text));
  assert.deepEqual((await (await it.open()).fetch(url)).bytes, text);
  answers.set(`/${alpha.fileName}.metadata`, () => new Response("Name: beta\n"));
  await assert.rejects((await it.open()).fetch(url), { code: "protocol_violation" });
  const plain = { filename: alpha.fileName, url: `${it.url}/${alpha.fileName}` };
  answers.set("/simple/alpha/", page("alpha", [plain]));
  await assert.rejects((await it.open()).fetch(url), { code: "permission_denied" });
});

Deno.test("PackageStore.fetch() refuses pages that are too large or of another project, and hands on no error page", async () => {
  await using it = await fixture();
  const { answers } = it.distribution;
  const store = await it.open();
  const fetched = () => store.fetch(`${it.index}/alpha/`);
  const headers = { "Content-Type": JSON_FORM };
  answers.set("/simple/alpha/", () =>
    new Response(
      new ReadableStream({ pull: (it) => it.enqueue(new Uint8Array(1_000_000)) }),
      { headers },
    ));
  await assert.rejects(fetched(), { code: "limit_exceeded" });
  answers.set("/simple/alpha/", page("beta", []));
  await assert.rejects(fetched(), { code: "protocol_violation", message: /page of "beta"/ });
  answers.set("/simple/alpha/", () => new Response("denied", { status: 403 }));
  const { status, bytes } = await fetched();
  assert.deepEqual([status, bytes.length], [403, 0]);
});

Deno.test("PackageStore shows the credentials of its servers to no kernel, error or log", async () => {
  await using directory = await temporaryDirectory();
  await using it = await fixture();
  const { answers, requests } = it.distribution;
  const secret = "s3cret";
  const withSecret = (url: string) => url.replace("://", `://robot:${secret}%40@`);
  const expected = `Basic ${btoa(`robot:${secret}@`)}`;
  const headers: (string | null)[] = [];
  const project = page("alpha", [{
    filename: alpha.fileName,
    url: `${withSecret(it.url)}/${alpha.fileName}`,
  }]);
  answers.set("/simple/alpha/", (request) => {
    headers.push(request.headers.get("Authorization"));
    return project();
  });
  answers.set(`/${alpha.fileName}`, (request) => {
    headers.push(request.headers.get("Authorization"));
    return new Response(alpha.bytes);
  });
  const store = await it.open({
    baseUrl: `${withSecret(it.url)}/`,
    indexUrl: withSecret(it.index),
    cacheDir: directory.path,
  });
  const list = await store.list();
  assert.equal(list.indexUrl, it.index);
  const answer = await store.fetch(`${it.index}/alpha/`);
  assert.deepEqual((await store.fetch(`${it.url}/${alpha.fileName}`)).bytes, alpha.bytes);
  assert.deepEqual(headers, [expected, expected]);
  const shown = [JSON.stringify(list), new TextDecoder().decode(answer.bytes), answer.url];
  answers.set("/simple/delta/", redirect("/simple/delta/"));
  answers.set("/simple/gamma/", redirect(withSecret("http://127.0.0.1:1/")));
  for (
    const address of [
      `${withSecret(it.index)}/alpha/`,
      `${it.index}/delta/`,
      `${it.index}/gamma/`,
      `${it.url}/other-1-py3-none-any.whl`,
    ]
  ) {
    await assert.rejects(store.fetch(address), (error: Error) => {
      shown.push(Deno.inspect(error));
      return true;
    });
  }
  for await (const { name } of Deno.readDir(`${directory.path}/files`)) {
    shown.push(await Deno.readTextFile(`${directory.path}/files/${name}`));
  }
  await it.distribution[Symbol.asyncDispose]();
  using warned = warnings();
  await store.fetch(`${it.index}/alpha/`);
  assert.equal(warned.texts.length, 1);
  shown.push(...warned.texts);
  for (const text of shown) assert.doesNotMatch(text, /s3cret/);
  assert(requests.every((path) => !path.includes(secret)));
});

Deno.test("createPackageStore() refuses addresses that it cannot use, without repeating them", async () => {
  for (const address of ["https://me:s3cret@index.example/simple?token=s3cret", "s3cret"]) {
    await assert.rejects(
      createPackageStore({ indexUrl: address, cacheDir: null }),
      (error: Error) =>
        /^Cannot use the package index: it/.test(error.message) && !/s3cret/.test(error.message),
      address,
    );
  }
});

Deno.test("PackageStore.fetch() fetches a file without a hash again, which may have changed at its address", async () => {
  await using it = await fixture();
  await using cache = await temporaryDirectory();
  const url = `${it.url}/${alpha.fileName}`;
  it.distribution.answers.set("/simple/alpha/", page("alpha", [{ filename: alpha.fileName, url }]));
  const store = await it.open({ cacheDir: cache.path });
  assert.deepEqual((await store.fetch(url)).bytes, alpha.bytes);
  const changed = makeWheel({ name: "alpha", version: "1.0", files: { "alpha.py": "value = 5" } });
  it.distribution.answers.set(`/${alpha.fileName}`, () => new Response(changed.bytes));
  assert.deepEqual((await store.fetch(url)).bytes, changed.bytes);
  using warned = warnings();
  it.distribution.answers.set(`/${alpha.fileName}`, () => new Response("", { status: 503 }));
  assert.deepEqual((await store.fetch(url)).bytes, changed.bytes);
  assert.match(warned.texts.join(), /using what was there before/);
});

/** Answers with the part of a wheel that is asked for. */
function parts({ bytes }: Wheel): (request: Request) => Response {
  return (request) => {
    const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("Range") ?? "") ?? [];
    if (last === undefined) return new Response(bytes);
    const start = first ? Number(first) : Math.max(0, bytes.length - Number(last));
    const headers = { "Content-Range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    return new Response(bytes.slice(start), { status: 206, headers });
  };
}

Deno.test("PackageStore.metadata() reads it out of a wheel once, by parts of the file", async () => {
  await using it = await fixture();
  const { distribution, url } = it;
  distribution.answers.set(`/${alpha.fileName}`, parts(alpha));
  await using cacheDir = await temporaryDirectory();
  const store = await it.open({ cacheDir: cacheDir.path });
  for (let time = 0; time < 2; time++) {
    const found = await store.metadata(`${url}/${alpha.fileName}`);
    assert.match(new TextDecoder().decode(found), /^Metadata-Version: 2.1\nName: alpha\n/);
  }
  assert.deepEqual(distribution.requests, ["/simple/alpha/", `/${alpha.fileName}`]);
});

Deno.test("PackageStore.metadata() keeps the whole wheel when its server gives no parts", async () => {
  await using it = await fixture();
  await using cacheDir = await temporaryDirectory();
  const store = await it.open({ cacheDir: cacheDir.path });
  const address = `${it.url}/${beta.fileName}`;
  assert.match(new TextDecoder().decode(await store.metadata(address)), /\nName: beta\n/);
  assert.deepEqual((await store.fetch(address)).bytes, beta.bytes);
  assert.deepEqual(it.distribution.requests, ["/simple/beta/", `/${beta.fileName}`]);
});

Deno.test("PackageStore.metadata() refuses what fetch() refuses, and tells of no failure of a server", async () => {
  await using it = await fixture();
  const { distribution, url, index } = it;
  const store = await it.open({ deny: ["beta"] });
  for (
    const [address, code] of [
      [`${url}/${beta.fileName}`, "permission_denied"],
      [`${index}/alpha/`, "permission_denied"],
      ["http://elsewhere.example/alpha-1.0-py3-none-any.whl", "permission_denied"],
      [`${url}/alpha-9.0-py3-none-any.whl`, "permission_denied"],
    ] as const
  ) await assert.rejects(store.metadata(address), { code }, address);
  for (const status of [404, 416, 500]) {
    distribution.answers.set(`/${alpha.fileName}`, () => new Response("no", { status }));
    assert.equal(await store.metadata(`${url}/${alpha.fileName}`), undefined);
  }
  distribution.answers.set(`/${alpha.fileName}`, () => new Response("another file"));
  assert.equal(await store.metadata(`${url}/${alpha.fileName}`), undefined);
});

Deno.test("PackageStore.fetch() finds the page of a file whose name spells the project in another way", async () => {
  const dashed = makeWheel({ name: "two-words", version: "1.0", files: { "two_words.py": "" } });
  await using distribution = await serveDistribution([], { indexed: [dashed] });
  const { url, indexUrl } = distribution;
  const store = await createPackageStore({ baseUrl: url, indexUrl, cacheDir: null });
  assert.deepEqual((await store.fetch(`${url}/${dashed.fileName}`)).bytes, dashed.bytes);
  assert.deepEqual(distribution.requests, ["/simple/two-words/", `/${dashed.fileName}`]);
});
