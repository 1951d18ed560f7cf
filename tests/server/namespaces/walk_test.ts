import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { text as textOf } from "node:stream/consumers";
import { scopesFor } from "../../../server/apis/access.ts";
import { FAMILIES, routesOf } from "../../../server/apis/mod.ts";
import { createRouter } from "../../../server/http/openapi.ts";
import type { TokenSettings } from "../../../server/services/tokens/token.ts";
import { createServer } from "../../support/server.ts";
import { temporaryDirectory } from "../../support/mod.ts";
import { type Asked, pathOf, REQUESTS } from "./requests.ts";
import {
  callTool,
  clientOf,
  CONTENT,
  NOWHERE,
  populate,
  sandboxHeaders,
  snapshot,
  type TokenClient,
  type World,
} from "./world.ts";

const TOKEN = "the-administrators-token";

/** The routes that every request may reach, and those that ask for the secrets of a sandbox. */
const OPEN =
  /^\w+ \/(((coderunner|colab|kernel-proxy|jupycell)\/)?health|ready|favicon\.ico|ui\/.*|apps\/:id|api|files|e2b\/(health|execute|contexts.*|files|(filesystem|process)\..*))$/;
/** The routes of what a namespace has under names of its own, which say nothing in another namespace. */
const OWN_NAMES = /notebooks|contents|\/files\/:path|config|mcp|collaboration/;
const SOCKETS = [
  "GET /api/kernels/:id/channels",
  "GET /api/collaboration/room/:room",
  "GET /api/events/subscribe",
  "GET /http_over_websocket",
  "GET /http_over_websocket/diagnose",
  "GET /http_over_websocket/proxied_ws/*",
];

/** An answer without what differs between two that say the same. */
interface Answer {
  status: number;
  text: string;
}

/** Replaces the names of a world, and all that differs from answer to answer. */
function plainText(text: string, its: World): string {
  const names = Object.entries(its).sort(([, a], [, b]) => b.length - a.length);
  return names.reduce((text, [name, value]) => text.replaceAll(value, `<${name}>`), text)
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uuid>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replaceAll(/"uptimeSeconds":[\d.]+/g, "<uptime>")
    .replaceAll(/(nonce="?-?)[\w+/=]+/g, "$1<nonce>");
}

/** Reads an answer; a stream that does not end is only recognized. */
async function read(response: Response, method: string, its: World): Promise<Answer> {
  const isStream = response.headers.get("Content-Type")?.includes("event-stream");
  if (method === "GET" && isStream) {
    await response.body?.cancel();
    return { status: response.status, text: "<stream>" };
  }
  return { status: response.status, text: plainText(await response.text(), its) };
}

/** Returns the requests for a route in a world. */
function requestsFor(route: string, its: World): (Asked & { method: string; url: string })[] {
  const [method = ""] = route.split(" ");
  return [REQUESTS[route]!(its)].flat().map((asked) => {
    const query = asked.query === undefined ? "" : `?${asked.query}`;
    return { ...asked, method, url: (asked.path ?? pathOf(route, its)) + query };
  });
}

/** Sends all requests for a route, one after the other. */
async function askAll(client: TokenClient, route: string, its: World): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { method, url, body, headers } of requestsFor(route, its)) {
    answers.push(await read(await client.send(method, url, body, headers), method, its));
  }
  return answers;
}

/** Asks for a websocket, and returns the status of the answer: 101 when there is one. */
async function askForSocket(origin: string, path: string, token: string, its: World) {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = httpRequest(`${origin}${path}`, {
    headers: {
      "Authorization": `Bearer ${token}`,
      "Connection": "Upgrade",
      "Upgrade": "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    },
  });
  request.on("upgrade", (_response, socket) => {
    socket.destroy();
    resolve({ status: 101, text: "" });
  });
  request.on("response", async (response) => {
    const text = plainText(await textOf(response), its);
    resolve({ status: response.statusCode ?? 0, text });
  });
  request.on("error", reject);
  request.end();
  return await promise;
}

/** Reads what a client has, by way of each family, as one text. */
async function everythingOf(client: TokenClient, its: World): Promise<Record<string, unknown>> {
  const { send, json } = client;
  const run = await callTool(client, "run_code", { session: its.mcpSession, code: "name" });
  const file = await send("GET", `/e2b/files?path=/home/user/a`, undefined, sandboxHeaders(its));
  return {
    native: await json(200, "GET", `/api/executions/${its.execution}`),
    list: await json(200, "GET", "/api/executions?include=outputs"),
    variables: await json(200, "GET", `/api/kernels/${its.kernel}/variables`),
    earlier: await json(200, "GET", `/api/kernels/${its.kernel}/info`),
    notebook: await json(200, "GET", `/api/live-notebooks/${its.notebook}`),
    contents: await json(200, "GET", `/api/contents/${its.notebook}`),
    config: await json(200, "GET", `/api/config/${its.section}`),
    mcp: run,
    coderunner: await json(200, "GET", `/tasks/${its.task}`),
    colab: await json(200, "GET", `/execution_status/${its.colabExecution}`),
    jupycell: await json(200, "GET", `/jupycell/notebook?kernel_id=${its.cells}`),
    e2b: await json(200, "GET", "/e2b/v2/sandboxes"),
    file: await file.text(),
  };
}

/** Checks that a client has what has its word, and nothing of another's. */
async function checkOwn(client: TokenClient, its: World, word: string, other: string) {
  for (const [name, part] of Object.entries(await everythingOf(client, its))) {
    const text = JSON.stringify(part);
    assert(text.includes(word), `${name}: ${text}`);
    assert(!text.includes(other), `${name}: ${text}`);
  }
}

Deno.test("REQUESTS has every route of the server, and access.ts says what each needs", async () => {
  await using server = createServer({ settings: { TOKEN, NOTEBOOK_DIR: "/nowhere" } });
  const routes = server.routes.filter((it) => !it.startsWith("ALL ") && !it.startsWith("OPTIONS "));
  const missing = routes.filter((it) => !(it in REQUESTS));
  assert.deepEqual(missing, [], "say in requests.ts what could be seen there");
  assert.deepEqual(Object.keys(REQUESTS).filter((it) => !routes.includes(it)), []);
  const document = await (await clientOf(server, TOKEN).json(200, "GET", "/openapi.json"));
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) =>
      `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`
    )
  );
  const shapes = new Set(routes.map((it) => it.replaceAll(/\{\.[+*]\}/g, "")));
  assert.deepEqual(described.filter((it) => !shapes.has(it)), []);
  for (const family of Object.values(FAMILIES)) {
    const router = createRouter();
    family.mount(router, server.services);
    const unnamed = routesOf(router).filter((it) => scopesFor(it) === undefined);
    assert.deepEqual(unnamed, [], "say in access.ts which scopes these need");
  }
});

Deno.test("what two namespaces have under the same names is not there for each other, nor for a third", async (t) => {
  await using notebooks = await temporaryDirectory();
  await using data = await temporaryDirectory();
  await using server = createServer({
    settings: {
      TOKEN,
      NOTEBOOK_DIR: notebooks.path,
      DATA_DIR: data.path,
      ALLOWED_KERNEL_MODES: "worker",
    },
  });
  const { tokens } = server.services;
  const make = async (settings: TokenSettings) => (await tokens.create(settings)).secret;
  const alice = await make({ namespace: "alice" });
  // He starts no kernel, so that the walk is quick.
  const bob = await make({ namespace: "bob", limits: { kernels: 0 } });
  const [hers, his, carols, all] = [alice, bob, await make({ namespace: "carol" }), TOKEN]
    .map((token) => clientOf(server, token)) as [
      TokenClient,
      TokenClient,
      TokenClient,
      TokenClient,
    ];
  const [its, others] = await Promise.all([populate(hers), populate(carols, "timbuktu")]);

  await t.step("two namespaces use every family at once", async () => {
    for (const name of ["execution", "notebook", "section", "mcpSession"] as const) {
      assert.equal(its[name], others[name]);
    }
    await Promise.all([
      checkOwn(hers, its, CONTENT, "timbuktu"),
      checkOwn(carols, others, "timbuktu", CONTENT),
    ]);
    // The administrator sees both.
    const { notebooks } = await all.json(200, "GET", "/api/notebooks");
    assert.deepEqual(notebooks.map(({ path }: { path: string }) => path), [
      `alice/jupycell-${its.cells}.ipynb`,
      "alice/plan-k4.ipynb",
      `carol/jupycell-${others.cells}.ipynb`,
      "carol/plan-k4.ipynb",
    ]);
    const { executions } = await all.json(200, "GET", "/api/executions");
    const twice = executions.filter(({ id }: { id: string }) => id === "job-k4-1");
    assert.deepEqual(twice.map((it: { kernelId: string }) => it.kernelId).sort(), [
      "alice:analysis-k4",
      "carol:analysis-k4",
    ]);
  });

  await t.step("every route and websocket answers as if there were nothing", async () => {
    const before = await snapshot(hers, its);
    const found: string[] = [];
    const unseen: string[] = [];
    for (const route of Object.keys(REQUESTS)) {
      const there = await askAll(his, route, its);
      const nowhere = await askAll(his, route, NOWHERE);
      for (const [index, answer] of there.entries()) {
        const { url, body, headers } = requestsFor(route, its)[index]!;
        const asked = JSON.stringify([url, body ?? null, headers ?? null]);
        const name = `${route} ${url}`;
        assert.deepEqual(answer, nowhere[index], name);
        if (answer.text.includes(CONTENT)) found.push(name);
        for (const [what, value] of Object.entries(its)) {
          if (answer.text.includes(`<${what}>`) && !asked.includes(value)) {
            found.push(`${name} tells ${what}`);
          }
        }
      }
      // The ids are right: whose they are sees all, and so does the administrator.
      const isFile = /docs|ui/.test(route);
      if (!route.startsWith("GET ") || there[0]!.status !== 404 || isFile) continue;
      const [own] = await askAll(hers, route, its);
      if (own!.status >= 400 && own!.status !== 426 && !/tokens|metrics|apps/.test(route)) {
        unseen.push(`${route}: ${own!.status} ${own!.text}`);
      }
      if (OWN_NAMES.test(route)) continue;
      const [seen] = await askAll(all, route, its);
      if (seen!.status >= 400 && seen!.status !== 426) {
        unseen.push(`${route}, as administrator: ${seen!.status} ${seen!.text}`);
      }
    }
    assert.deepEqual(found, []);
    assert.deepEqual(unseen, []);

    const origin = await server.listen();
    for (const route of SOCKETS) {
      const path = pathOf(route, its);
      const there = await askForSocket(origin, path, bob, its);
      const nowhere = await askForSocket(origin, pathOf(route, NOWHERE), bob, NOWHERE);
      assert.deepEqual(there, nowhere, route);
      assert.equal((await askForSocket(origin, path, alice, its)).status, 101, route);
      if (/channels|room|proxied/.test(route)) assert.equal(there.status, 404, route);
    }
    assert.deepEqual(await snapshot(hers, its), before);
    const ids = (await all.json(200, "GET", "/api/kernels")).map(({ id }: { id: string }) => id);
    assert(ids.length > 10 && ids.every((id: string) => /^(alice|carol)[:.]/.test(id)), ids.join());
  });
});

Deno.test("without a token, no route answers but those that are open to all", async () => {
  await using server = createServer({ settings: { TOKEN, NOTEBOOK_DIR: "/nowhere" } });
  const nobody = clientOf(server, undefined);
  for (const route of Object.keys(REQUESTS).filter((it) => !OPEN.test(it))) {
    for (const { status } of await askAll(nobody, route, NOWHERE)) {
      assert(status === 401 || status === 403, `${route}: ${status}`);
    }
  }
});
