import assert from "node:assert/strict";
import { LabSource } from "../../../../server/apis/jupyter/lab/lab_source.ts";
import type { LabWheels } from "../../../../server/apis/jupyter/lab/lab_wheels.ts";
import { sha256 } from "../../../../kernel/whole_file.ts";
import { makeWheel, serveDistribution, type Wheel } from "../../../support/distribution.ts";
import { fakeManager } from "../../../support/fake_host.ts";
import { listenForLab } from "../../../support/jupyter_lab.ts";
import { temporaryDirectory } from "../../../support/mod.ts";
import { createServer } from "../../../support/server.ts";

const LAB = "jupyterlab-4.0.0.data/data/share/jupyter/lab";
const EXTENSION = "widgets-1.0.0.data/data/share/jupyter/labextensions/@w/manager";
const TEMPLATE =
  "<title>Lab</title>{# a #}{% set b = c %}<script type=json>{{ page_config_full | tojson }}</script>" +
  '<link href="{{ base_url | escape }}icon"><script src="{{page_config.fullStaticUrl}}/main.js"></script>';

const lab = makeWheel({
  name: "jupyterlab",
  version: "4.0.0",
  files: {
    [`${LAB}/static/index.html`]: TEMPLATE,
    [`${LAB}/static/package.json`]: '{"version": "4.0.0"}',
    [`${LAB}/static/main.js`]: "let main = 1;\n".repeat(50),
    [`${LAB}/schemas/@j/a-extension/plugin.json`]: '{"title": "A"}',
    [`${LAB}/schemas/@j/a-extension/package.json.orig`]: '{"version": "4.1.0"}',
    [`${LAB}/themes/@j/light/index.css`]: "body {}",
    "jupyterlab/secret.py": "never served",
  },
});
const widgets = makeWheel({
  name: "widgets",
  version: "1.0.0",
  files: {
    [`${EXTENSION}/package.json`]:
      '{"name": "@w/manager", "jupyterlab": {"_build": {"load": "static/entry.js", "extension": "./e"}}}',
    [`${EXTENSION}/static/entry.js`]: "entry",
  },
});

async function pinned({ source, fileName, bytes }: Wheel) {
  return { project: source.name, file: fileName, sha256: await sha256(bytes) };
}

/** Starts a server with JupyterLab's port; its wheels are small ones, from an index on the loopback. */
async function startLab(
  { wheels = {}, settings = {} }: {
    wheels?: Partial<LabWheels>;
    settings?: Record<string, string>;
  } = {},
) {
  await using started = new AsyncDisposableStack();
  const directory = started.use(await temporaryDirectory());
  const index = started.use(await serveDistribution([], { indexed: [lab, widgets] }));
  const fake = started.use(fakeManager());
  const server = started.use(createServer({
    manager: fake.manager,
    settings: {
      NOTEBOOK_DIR: `${directory.path}/notebooks`,
      DATA_DIR: `${directory.path}/data`,
      ...settings,
    },
  }));
  const source = new LabSource({
    indexUrl: index.indexUrl,
    cacheDir: `${directory.path}/cache`,
  }, { lab: await pinned(lab), widgets: await pinned(widgets), ...wheels });
  const { url } = await listenForLab(started, server, source);
  const kept = started.move();
  return { url, server, index, directory, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function send(url: string, init: RequestInit = {}) {
  const response = await fetch(url, { redirect: "manual", ...init });
  const { status, headers } = response;
  return { status, headers, text: await response.text() };
}

Deno.test("JupyterLab's port serves the page, its files and what people change", async (t) => {
  await using lab = await startLab({ settings: { TOKEN: "the-administrators-token" } });
  const { url, server } = lab;
  const base = `${new URL(url).pathname}/`;

  await t.step("the page knows where everything is", async () => {
    const { status, headers, text } = await send(`${url}/lab/workspaces/w1/tree/a%20b.ipynb`);
    assert.equal(status, 200);
    assert.match(headers.get("Content-Security-Policy")!, /connect-src 'self';/);
    assert.match(
      text,
      new RegExp(`<link href="${base}icon"><script src="${base}static/lab/main.js">`),
    );
    assert.doesNotMatch(text, /\{[{%#]/);
    const config = JSON.parse(/json>(.*?)<\/script>/.exec(text)![1]!);
    assert.deepEqual(
      [config.baseUrl, config.workspace, config.treePath, config.appVersion],
      [base, "w1", "a b.ipynb", "4.0.0"],
    );
    assert.deepEqual(config.federated_extensions, [
      { name: "@w/manager", load: "static/entry.js", extension: "./e" },
    ]);
    const single = await send(`${url}/doc/tree/%3C!--%3Cscript%3E`);
    assert.match(single.text, /"single-document"/);
    assert.doesNotMatch(single.text, /<!--/);
    assert.equal((await send(`${url}/`)).headers.get("Location"), `${base}lab`);
  });

  await t.step("files come packed as they are in the wheel, and nothing beside them", async () => {
    const main = await send(`${url}/static/lab/main.js?v=1`);
    assert.equal(main.text, "let main = 1;\n".repeat(50));
    assert.match(main.headers.get("Content-Type")!, /javascript/);
    const plain = await send(`${url}/static/lab/main.js`, {
      headers: { "Accept-Encoding": "identity" },
    });
    assert.equal(plain.text, main.text);
    assert.equal((await send(`${url}/lab/extensions/@w/manager/static/entry.js`)).text, "entry");
    assert.equal((await send(`${url}/lab/api/themes/@j/light/index.css`)).text, "body {}");
    for (const path of ["static/lab/none.js", "static/lab/..%2f..%2fsecret.py", "static/lab/%ff"]) {
      assert.equal((await send(`${url}/${path}`)).status, 404, path);
    }
  });

  await t.step("settings and workspaces are kept", async () => {
    const plugin = "/lab/api/settings/@j/a-extension:plugin";
    const { settings } = JSON.parse((await send(`${url}/lab/api/settings`)).text);
    assert.deepEqual(settings, [
      { id: "@j/a-extension:plugin", schema: { title: "A" }, version: "4.1.0", raw: "{}" },
    ]);
    const put = (path: string, body: unknown) =>
      send(url + path, { method: "PUT", body: JSON.stringify(body) });
    assert.equal((await put(plugin, { raw: "{/* mine */}" })).status, 204);
    assert.equal(JSON.parse((await send(url + plugin)).text).raw, "{/* mine */}");
    assert.equal((await put(plugin, { raw: 1 })).status, 400);
    assert.equal((await put("/lab/api/settings/@j/none:plugin", { raw: "" })).status, 404);
    assert.equal((await put("/lab/api/workspaces/w1", { data: { a: 1 } })).status, 204);
    const all = JSON.parse((await send(`${url}/lab/api/workspaces`)).text).workspaces;
    assert.deepEqual([all.ids, all.values[0].data], [["w1"], { a: 1 }]);
    assert.equal((await send(`${url}/lab/api/workspaces/w1`, { method: "DELETE" })).status, 204);
    assert.deepEqual(JSON.parse((await send(`${url}/lab/api/workspaces/w1`)).text).data, {});
  });

  await t.step("its kernels and files are those of its namespace", async () => {
    await server.kernels.createKernel({ id: "mine" });
    const made = await send(`${url}/api/kernels`, { method: "POST", body: "{}" });
    assert.equal(made.status, 201);
    const { id } = JSON.parse(made.text);
    const listed = JSON.parse((await send(`${url}/api/kernels`)).text);
    assert.deepEqual(listed.map((it: { id: string }) => it.id), [id]);
    assert.equal((await send(`${url}/api/kernels/mine`)).status, 404);
    const socket = new WebSocket(`${url}/api/kernels/${encodeURIComponent(id)}/channels`);
    await new Promise((resolve, reject) => (socket.onopen = resolve, socket.onerror = reject));
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.close();
    await closed;
    await Deno.writeTextFile(`${server.config.notebookDir}/outside.txt`, "outside");
    await Deno.writeTextFile(`${server.config.notebookDir}/lab/inside.txt`, "inside");
    const { content } = JSON.parse((await send(`${url}/api/contents`)).text);
    assert.deepEqual(content.map((it: { name: string }) => it.name), ["inside.txt"]);
    assert.equal((await send(`${url}/files/inside.txt`)).text, "inside");
    assert.equal((await send(`${url}/files/outside.txt`)).status, 404);
  });

  await t.step("only the token in the path counts", async () => {
    const { origin } = new URL(url);
    const token = "the-administrators-token";
    const headers = { Authorization: `Bearer ${token}`, Cookie: `kernel-session-8000=${token}` };
    assert.equal((await send(`${origin}/lab`, { headers })).status, 404);
    assert.equal((await send(`${origin}/${token}/api/kernels`, { headers })).status, 403);
    const wrong = `${origin}/${"x".repeat(40)}/lab?token=${token}`;
    const { status, text } = await send(wrong, { headers: { ...headers, Accept: "text/html" } });
    assert.equal(status, 403);
    assert.match(text, /Open JupyterLab by the address that the server prints/);
    const page = await send(`${url}/lab?token=${token}`, { headers: { Accept: "text/html" } });
    assert.deepEqual([page.status, page.headers.get("Set-Cookie")], [200, null]);
    assert.equal((await send(`${url}/login`)).status, 404);
  });

  await t.step("other pages, and service workers, are refused at either port", async () => {
    const { origin } = new URL(url);
    const refused = { headers: { Origin: "http://127.0.0.1:8000" } };
    assert.equal((await send(`${url}/api/kernels`, refused)).status, 403);
    assert.equal(
      (await send(`${url}/files/inside.txt`, { headers: { "Service-Worker": "script" } })).status,
      403,
    );
    const main = await server.request("GET", "/api/kernels", undefined, {
      ...{ Host: "127.0.0.1:8000", Origin: origin },
      Authorization: "Bearer the-administrators-token",
    });
    assert.equal(main.status, 403);
  });
});

Deno.test("JupyterLab is fetched once, and again after a failure", async () => {
  await using lab = await startLab();
  lab.index.answers.set("/simple/widgets/", () => new Response("later", { status: 503 }));
  const { status, text } = await send(`${lab.url}/lab`);
  assert.equal(status, 503);
  assert.match(text, /JupyterLab is not here/);
  lab.index.answers.clear();
  assert.equal((await send(`${lab.url}/lab`)).status, 200);
  assert.equal((await send(`${lab.url}/lab`)).status, 200);
  const fetched = lab.index.requests.filter((it) => it.endsWith(".whl"));
  assert.deepEqual(fetched, [`/${LAB_FILE}`, `/${WIDGETS_FILE}`]);
});

const [LAB_FILE, WIDGETS_FILE] = [lab.fileName, widgets.fileName];

Deno.test("JupyterLab is not served from a wheel of another hash", async () => {
  const wrong = { ...await pinned(lab), sha256: "0".repeat(64) };
  await using started = await startLab({ wheels: { lab: wrong } });
  assert.equal((await send(`${started.url}/lab`)).status, 503);
});
