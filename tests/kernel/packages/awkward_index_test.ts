import { zipSync } from "npm:fflate@0.8.3";
import assert from "node:assert/strict";
import { type Kernel, KernelManager, KernelMode } from "../../../kernel/mod.ts";
import { canonicalName } from "../../../kernel/packages/project_name.ts";
import { sha256 } from "../../../kernel/whole_file.ts";
import { makeWheel, serveDistribution, type Wheel } from "../../support/distribution.ts";
import { warnings } from "../../support/mod.ts";
import { answerWith } from "../../support/raw_answer.ts";
import { resolverWheels } from "./resolver_wheels.ts";

type Answer = (request: Request) => Response | Promise<Response>;

const JSON_FORM = "application/vnd.pypi.simple.v1+json";
const CREDENTIALS = "robot:s3cret";

/** A wheel with a module of the package's name, which has the version. */
function wheel(
  name: string,
  version: string,
  depends: string[] = [],
  tags = "py3-none-any",
): Wheel {
  const module = canonicalName(name).replaceAll("-", "_");
  return makeWheel({
    ...{ name, version, depends, tags },
    files: { [`${module}.py`]: `version = "${version}"` },
  });
}

/** Describes a wheel as a page does, with other facts in place of the true ones. */
async function listed(it: Wheel, other: Record<string, unknown> = {}) {
  const url = `/files/${encodeURIComponent(it.fileName)}`;
  return { filename: it.fileName, url, hashes: { sha256: await sha256(it.bytes) }, ...other };
}

function page(name: string, files: unknown[], other: Record<string, unknown> = {}): Answer {
  const body = JSON.stringify({ meta: { "api-version": "1.0" }, name, files, ...other });
  return () => new Response(body, { headers: { "Content-Type": JSON_FORM } });
}

function html(body: string): Answer {
  return () => new Response(body, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

function redirect(to: string): Answer {
  return () => new Response(null, { status: 302, headers: { Location: to } });
}

/** A server that announces more than it sends, and then closes the connection. */
function cuttingServer(): AsyncDisposable & { url: string } {
  return answerWith("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nPK");
}

/** An index, and the wheels at `/files/` of its server. */
class AwkwardIndex {
  readonly answers: Map<string, Answer>;

  constructor(answers: Map<string, Answer>) {
    this.answers = answers;
  }

  /** Serves wheels, with their true page. */
  async serve(...wheels: Wheel[]): Promise<void> {
    for (const it of wheels) this.file(it);
    const projects = Map.groupBy(wheels, ({ source }) => canonicalName(source.name));
    for (const [name, own] of projects) {
      this.page(name, page(name, await Promise.all(own.map((it) => listed(it)))));
    }
  }

  file(it: Wheel, answer: Answer = () => new Response(it.bytes)): void {
    this.answers.set(`/files/${encodeURIComponent(it.fileName)}`, answer);
  }

  page(name: string, answer: Answer): void {
    this.answers.set(`/simple/${name}/`, answer);
  }
}

/** A case: the text that follows `%pip install`, and what is printed, or the error. */
type Case = [what: string, install: string, expected: string | RegExp];

async function prepare(index: AwkwardIndex, elsewhere: string, cut: string): Promise<Case[]> {
  await index.serve(
    ...["1", "2"].map((it) => wheel("conflict-c", it)),
    wheel("conflict-a", "1", ["conflict-c<2"]),
    wheel("conflict-b", "1", ["conflict-c>=2"]),
    ...["1", "2", "3"].map((it) => wheel("back-b", it)),
    ...["1", "2", "3"].map((it) => wheel("back-a", it, [`back-b==${it}`])),
    makeWheel({
      ...{ name: "extra-a", version: "1", files: {}, extras: ["x", "y"] },
      depends: ["extra-a[y]; extra == 'x'", "extra-b[z]; extra == 'y'"],
    }),
    makeWheel({
      ...{ name: "extra-b", version: "1", files: {}, extras: ["z"] },
      depends: ["extra-c; extra == 'z'"],
    }),
    wheel("extra-c", "1"),
    wheel("circle-a", "1", ["circle-b"]),
    wheel("circle-b", "1", ["circle-a"]),
    wheel("marked", "1", ["nothere; sys_platform == 'win32'", "also-not; python_version < '3'"]),
    wheel("Zope.Inter_face", "1"),
    wheel("epoch", "1!1.0"),
    wheel("epoch", "2024.1"),
    wheel("local", "1.0+cpu.1"),
    wheel("early", "1.0rc1"),
    wheel("early-too", "1.0"),
    wheel("early-too", "2.0b1"),
    ...Array.from({ length: 120 }, (_, it) => wheel("many", `0.${it}`)),
    wheel("native", "2", [], "cp314-cp314-win_amd64"),
    wheel("stable", "1", [], "cp39-abi3-pyemscripten_2026_0_wasm32"),
    wheel("old-python", "1", [], "cp312-cp312-pyemscripten_2026_0_wasm32"),
    wheel("good", "1"),
    wheel("source-needs", "1"),
  );
  const two = async (
    name: string,
    other: (newer: Wheel) => Promise<Record<string, unknown>> | Record<string, unknown>,
    answer?: (newer: Wheel) => Answer,
  ) => {
    const [older, newer] = [wheel(name, "1"), wheel(name, "2")];
    index.file(older);
    index.file(newer, answer?.(newer));
    index.page(name, page(name, [await listed(older), await listed(newer, await other(newer))]));
  };
  await two("yanked", () => ({ yanked: "it was broken" }));
  await two("needs-python", () => ({ "requires-python": ">=4" }));
  await two("wrong-hash", () => ({ hashes: { sha256: "0".repeat(64) } }));
  await two("upper-hash", async ({ bytes }) => ({
    hashes: { sha256: (await sha256(bytes)).toUpperCase() },
  }));
  await two("no-hash", () => ({ hashes: {} }));
  await two("other-hash", () => ({ hashes: { md5: "0".repeat(32) } }));
  await two("bad-hash", () => ({ hashes: { sha256: "no hash" } }));
  await two("lying-size", () => ({ size: 1 }));
  await two("gone", () => ({}), () => () => new Response("gone", { status: 410 }));
  await two("broken-server", () => ({}), () => () => new Response("broken", { status: 503 }));
  await two(
    "no-zip",
    () => ({ hashes: {} }),
    () => () => new Response("<html>Please log in</html>"),
  );
  await two("damaged", () => ({ hashes: {} }), ({ bytes }) => () => {
    const damaged = bytes.slice();
    const text = new TextDecoder("latin1").decode(damaged);
    damaged[text.indexOf("damaged.py") + "damaged.py".length + 2]! ^= 1;
    return new Response(damaged);
  });
  await two("empty", () => ({ hashes: {} }), () => () => new Response(""));
  await two("far", () => ({}), () => redirect(`${elsewhere}/far-2-py3-none-any.whl`));
  await two("loop", () => ({}), () => (request) => redirect(request.url)(request));
  await two("away", () => ({ url: `${elsewhere}/away-2-py3-none-any.whl` }));
  await two("cut", () => ({ url: `${cut}/cut-2-py3-none-any.whl` }));
  await two("script", () => ({ url: "javascript:alert(1)" }));
  await two("compressed", () => ({}), ({ bytes }) => () => {
    const zipped = new Response(bytes).body!.pipeThrough(new CompressionStream("gzip"));
    return new Response(zipped, { headers: { "Content-Encoding": "gzip" } });
  });
  await two(
    "pieces",
    () => ({}),
    ({ bytes }) => () => new Response(ReadableStream.from([bytes.slice(0, 10), bytes.slice(10)])),
  );
  const described = wheel("metadata-lies", "1");
  index.file(described);
  index.page(
    "metadata-lies",
    page("metadata-lies", [
      await listed(described, { "core-metadata": { sha256: "0".repeat(64) } }),
    ]),
  );
  const path = `/files/${described.fileName}.metadata`;
  index.answers.set(path, () => new Response("Name: other\nVersion: 9\nRequires-Dist: nothere\n"));
  const apart = wheel("metadata-gone", "1");
  index.file(apart);
  index.page(
    "metadata-gone",
    page("metadata-gone", [await listed(apart, { "core-metadata": true })]),
  );
  const liar = wheel("name-lies", "1");
  index.page("name-lies", page("another", [await listed(liar)]));
  index.page("not-json", () => new Response("{", { headers: { "Content-Type": JSON_FORM } }));
  index.page("not-a-page", () => new Response("[1]", { headers: { "Content-Type": JSON_FORM } }));
  index.page("picture", () => new Response("GIF", { headers: { "Content-Type": "image/gif" } }));
  index.page("too-new", page("too-new", [], { meta: { "api-version": "2.0" } }));
  index.page("huge", html(`<a href="x">x</a>${" ".repeat(17 * 2 ** 20)}`));
  index.page("nothing-usable", page("nothing-usable", [null, 1, {}, { filename: "x", url: 1 }]));
  const sources = async (name: string, files: Record<string, string>) => {
    const filename = `${name}-1.zip`;
    const bytes = zipSync(Object.fromEntries(
      Object.entries({ "PKG-INFO": `Name: ${name}\nVersion: 1\n`, ...files }).map((
        [path, text],
      ) => [`${name}-1/${path}`, new TextEncoder().encode(text)]),
    ));
    index.answers.set(`/files/${filename}`, () => new Response(new Uint8Array(bytes)));
    const hashes = { sha256: await sha256(new Uint8Array(bytes)) };
    index.page(name, page(name, [{ filename, url: `/files/${filename}`, hashes }]));
  };
  await sources("sources", {
    "setup.py": "raise SystemExit('it was run')",
    "sources.egg-info/requires.txt": "source-needs\n[more]\nnothere\n",
    "sources.egg-info/top_level.txt": "sources_of\n",
    "sources_of/__init__.py": "import source_needs",
  });
  await sources("compiled", { "setup.py": "setup(ext_modules=[1])", "compiled.py": "" });
  await sources("other-sources", { "PKG-INFO": "Name: other\nVersion: 1\n", "other.py": "" });
  index.page("broken-page", () => new Response("broken", { status: 500 }));
  index.page("moved", redirect("/simple/good/"));
  index.page("moved-far", redirect(`${elsewhere}/simple/moved-far/`));
  const long = wheel("long-page", "1");
  index.file(long);
  index.page("long-page", page("long-page", [...new Array(30_000).fill({}), await listed(long)]));
  const relative = wheel("relative", "1");
  index.answers.set("/mirror/r/relative-1-py3-none-any.whl", () => new Response(relative.bytes));
  const hash = await sha256(relative.bytes);
  index.page(
    "relative",
    html(
      `<!DOCTYPE html><base href="/mirror/"><p><A HREF='r/relative-1-py3-none-any.whl#sha256=${hash}'` +
        " data-requires-python='&gt;=3.8'>relative<b>-1</A><a>no address</a><a href='http://['>bad",
    ),
  );
  const odd = wheel("odd.name-x", "1");
  index.file(odd);
  index.page("odd-name-x", page("Odd_Name.X", [await listed(odd)]));
  return [
    [
      "requirements that conflict",
      "conflict-a conflict-b",
      /conflict-a 1 needs conflict-c<2; conflict-b 1 needs conflict-c>=2/,
    ],
    ["an older version that fits", "back-a 'back-b<3'", "Installed back-a-2 back-b-2"],
    ["extras of extras", "extra-a[x]", "Installed extra-a-1 extra-b-1 extra-c-1"],
    ["a circle", "circle-a", "Installed circle-a-1 circle-b-1"],
    ["markers of other platforms", "marked", "Installed marked-1"],
    ["another spelling of a name", "zope-inter.face", "Installed zope-inter-face-1"],
    ["a name with signs in a row", "Odd__Name-x", "Installed odd-name-x-1"],
    ["an epoch", "epoch", "Installed epoch-1!1.0"],
    ["a local version", "local==1.0", "Installed local-1.0+cpu.1"],
    ["nothing but pre-releases", "early", "Installed early-1.0rc1"],
    ["pre-releases beside releases", "early-too", "Installed early-too-1.0"],
    ["pre-releases that are asked for", "-U --pre early-too", /Installed early-too-2\.0b1/],
    ["a hundred versions", "many", "Installed many-0.119"],
    ["a range of a hundred versions", "'many>=0.40,<0.43,!=0.42'", /Installed many-0\.41/],
    [
      "wheels of other platforms",
      "native",
      /native 2 has wheels for other platforms only \(Windows\)/,
    ],
    ["a stable ABI", "stable", "Installed stable-1"],
    ["a wheel for another Python", "old-python", /^Cannot install old-python: /],
    ["a yanked version", "yanked", "Installed yanked-1"],
    ["a yanked version that is asked for", "yanked==2", /Installed yanked-2/],
    ["a version for another Python", "needs-python", "Installed needs-python-1"],
    [
      "a wrong hash",
      "wrong-hash",
      /Installed wrong-hash-1\n.*content is not what the index's page says/,
    ],
    ["a hash in capitals", "upper-hash", "Installed upper-hash-2"],
    ["no hash", "no-hash", "Installed no-hash-2"],
    ["a hash of another kind", "other-hash", "Installed other-hash-2"],
    ["a hash that is none", "bad-hash", "Installed bad-hash-1"],
    ["a size that is not true", "lying-size", "Installed lying-size-2"],
    ["a file that is gone", "gone", /Installed gone-1\n.*status 410/],
    [
      "a file that the server cannot give",
      "broken-server",
      /Installed broken-server-1\n.*status 503/,
    ],
    ["a page in place of a wheel", "no-zip", /Installed no-zip-1\n.*no_zip-2.* is damaged/],
    [
      "a damaged file in a wheel",
      "damaged",
      "Cannot install damaged-2-py3-none-any.whl: it is damaged: damaged.py",
    ],
    ["an empty file", "empty", /Installed empty-1\n.*empty-2.* is damaged/],
    [
      "a file that redirects to another host",
      "far",
      /Installed far-1\n.*nothing comes from elsewhere/,
    ],
    ["a file that redirects to itself", "loop", /Installed loop-1\n.*too many redirects/],
    ["a file on another host", "away", /Installed away-1\n.*nothing comes from elsewhere/],
    ["an answer that is cut off", "cut", /Installed cut-1\n.*the server broke off/],
    ["an address that is none of a server", "script", "Installed script-1"],
    ["a compressed answer", "compressed", "Installed compressed-2"],
    ["metadata with another hash", "metadata-lies", /Installed metadata-lies-1\n.*not what/],
    ["metadata that is not there", "metadata-gone", /Installed metadata-gone-1\n.*status 404/],
    ["the page of another project", "name-lies", /it is the page of "another"/],
    ["a page that is no JSON", "not-json", /it is not JSON/],
    ["JSON that is no page", "not-a-page", /Cannot use the index's page of "not-a-page"/],
    ["a picture in place of a page", "picture", /its type is "image\/gif"/],
    ["a page of a later form", "too-new", /it has version 2\.0 of the form/],
    ["a page that is too large", "huge", /it is larger than 16777216 bytes/],
    ["a page with very many files", "long-page", "Installed long-page-1"],
    ["a page without usable files", "nothing-usable", /no source has such a package/],
    ["nothing but sources", "sources", "Installed source-needs-1 sources-1"],
    [
      "sources that may not be used",
      "--only-binary=:all: other-sources",
      "Cannot install other-sources: the index has only sources of other-sources 1, which --only-binary leaves out",
    ],
    [
      "a wheel that may not be used",
      "--no-binary good good",
      /^Cannot install good: .*--no-binary leaves out its wheels$/,
    ],
    [
      "sources that have to be compiled",
      "compiled",
      "Cannot install compiled: the index has only sources of compiled 1, which cannot be built here: " +
      "its setup.py builds more than modules",
    ],
    [
      "sources of another project",
      "other-sources",
      /cannot be built here: it has the project other/,
    ],
    ["a page that redirects to another project", "moved", /^Cannot install moved: /],
    ["a page that redirects to another host", "moved-far", /nothing comes from elsewhere/],
    ["HTML with relative addresses", "relative", "Installed relative-1"],
    ["an answer in pieces", "pieces", "Installed pieces-2"],
    ["no such project", "nosuch", "Cannot install nosuch: no source has such a package"],
    ["a page that the server cannot give", "broken-page", /the status 500/],
  ];
}

async function outcome(kernel: Kernel, code: string): Promise<string> {
  const { error, outputs } = await kernel.execute(code);
  const printed = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("").trim();
  return error ? error.evalue : printed;
}

Deno.test("%pip install gets what an awkward index has, or says why not", async (t) => {
  const libraries = await resolverWheels();
  await using elsewhere = await serveDistribution([]);
  await using cut = cuttingServer();
  await using distribution = await serveDistribution([], { indexed: libraries });
  const index = new AwkwardIndex(distribution.answers);
  const cases = await prepare(index, elsewhere.url, cut.url);
  const unauthorized: string[] = [];
  for (const [path, answer] of index.answers) {
    index.answers.set(path, (request) => {
      if (request.headers.get("Authorization") === `Basic ${btoa(CREDENTIALS)}`) {
        return answer(request);
      }
      unauthorized.push(path);
      return new Response("log in", { status: 401 });
    });
  }
  await using manager = new KernelManager({
    packages: {
      baseUrl: distribution.url,
      indexUrl: distribution.indexUrl.replace("//", `//${CREDENTIALS}@`),
      origins: [cut.url],
      cacheDir: null,
    },
  });
  using warned = warnings();
  const kernel = manager.getKernel(await manager.createKernel({ mode: KernelMode.WORKER }));
  const seen: string[] = [];
  for (const [what, install, expected] of cases) {
    await t.step(what, async () => {
      const shown = await outcome(kernel, `%pip install ${install}`);
      seen.push(shown);
      if (typeof expected === "string") assert.equal(shown, expected);
      else assert.match(shown, expected);
    });
  }
  await t.step("the kernel has what was installed", async () => {
    assert.equal(
      await outcome(kernel, "import many, odd_name_x, sources_of\nprint(many.version)"),
      "0.41",
    );
  });
  await t.step(
    "an import gets a generally known package or tells why not, and a stranger's name gets none",
    async () => {
      const note = async (code: string) => (await kernel.execute(code)).error?.traceback.at(-1);
      const windows = "cp314-cp314-win_amd64";
      await index.serve(wheel("duckdb", "2", [], windows), wheel("protobuf", "2", [], windows));
      await index.serve(wheel("flask", "3"), wheel("numpyy", "1"));
      assert.equal(await outcome(kernel, "import flask\nprint(flask.version)"), "3");
      assert.match(
        await note("import duckdb") ?? "",
        /No module named 'duckdb': Cannot install duckdb: duckdb 2 has wheels for other platforms only \(Windows\)$/,
      );
      assert.match(
        await note("import google.protobuf") ?? "",
        /^google comes with the package protobuf, which cannot be had here: protobuf 2 has wheels for other platforms only \(Windows\)\nA kernel of a remote server may have it/,
      );
      assert.match(await note("import numpyy") ?? "", /No module named 'numpyy'$/);
    },
  );
  await t.step("an interrupt ends the wait for an index that does not answer", async () => {
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<Response>();
    index.page("silent", () => {
      asked.resolve();
      return answered.promise;
    });
    const waiting = outcome(kernel, "%pip install silent");
    await asked.promise;
    await manager.interruptKernel(kernel.id);
    assert.equal((await kernel.execute("1 + 1")).error, null);
    assert.equal(await waiting, "");
    answered.resolve(new Response("late", { status: 404 }));
    assert.equal(await outcome(kernel, "%pip install good"), "Installed good-1");
  });
  await t.step("credentials are sent, and shown to nobody", () => {
    assert.deepEqual(unauthorized, []);
    for (const text of [...seen, ...warned.texts]) assert.doesNotMatch(text, /s3cret/);
    assert(elsewhere.requests.every((path) => !path.includes("s3cret")));
  });
});
