import assert from "node:assert/strict";
import { EXECUTION, KERNEL, NUMBERED } from "../../../../server/pages/docs/examples.ts";
import { temporaryDirectory } from "../../../support/mod.ts";
import { createServer } from "../../../support/server.ts";

/** Requests that answer something that has to be asked first, or that need what this server has not. */
const NEEDING_MORE = [
  "POST /api/executions/{id}/input",
  "POST /api/executions/{id}/tools",
  "POST /api/kernels/{id}/input",
  "POST /api/kernels/{id}/comms",
  "POST /api/kernels/{id}/comms/{commId}/messages",
  "POST /api/tokens",
  "DELETE /coderunner/v1/sessions/session",
  "POST /coderunner/kill",
];

/** The order in which a reader would try them: some need what others make, and some end it. */
const FIRST = ["POST /api/kernels", "POST /api/kernels/{id}/executions", "POST /api/notebooks"];
const LAST = [
  "PATCH /api/notebooks/{path}",
  "PATCH /api/kernels/{id}/files",
  "POST /api/kernels/{id}/restart",
  "POST /colab/shutdown_kernel",
  "POST /kernel-proxy/shutdown_kernel",
];

interface Described {
  parameters?: { name: string; in: string; required?: boolean; example?: unknown }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
}

Deno.test("the examples of the description work as they stand", async () => {
  await using directory = await temporaryDirectory();
  await using server = createServer({
    settings: { NOTEBOOK_DIR: directory.path, PACKAGES: "off" },
  });
  const { paths } = await server.json(200, "GET", "/openapi.json");
  const all = Object.entries<Record<string, Described>>(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, it]) => [`${method.toUpperCase()} ${path}`, it] as const)
  );
  const tried = all.filter(([name, { requestBody }]) =>
    requestBody?.content["application/json"] && !NEEDING_MORE.includes(name)
  );
  const rank = (name: string) =>
    FIRST.includes(name) ? FIRST.indexOf(name) - 9 : LAST.indexOf(name);
  tried.sort(([a], [b]) => rank(a) - rank(b));
  const numbered = (await server.json(200, "POST", "/jupycell/start")).kernel_id;
  let kernel = "";
  let execution = "";
  for (const [name, { parameters = [], requestBody }] of tried) {
    const fill = (text: string) =>
      text.replaceAll(KERNEL, kernel).replaceAll(EXECUTION, execution)
        .replaceAll(JSON.stringify(NUMBERED), JSON.stringify(numbered));
    const body = requestBody!.content["application/json"]!.example;
    assert.notEqual(body, undefined, `${name} has no example`);
    if (name.endsWith("shutdown_kernel")) kernel = await server.createKernel();
    const [method = "", path = ""] = name.split(" ");
    const value = (it: string) => fill(String(parameters.find(({ name }) => name === it)?.example));
    const query = parameters.filter((it) => it.in === "query" && it.required)
      .map(({ name }) => `${name}=${encodeURIComponent(value(name))}`).join("&");
    const place = `${path.replace(/\{(\w+)\}/g, (_, name) => value(name))}${query && `?${query}`}`;
    if (name === "PATCH /api/kernels/{id}/files") {
      await server.request("PUT", `/api/kernels/${kernel}/files/content?path=notes.txt`, "noted");
    }
    const headers = {
      "Content-Type": "application/json",
      ...(method === "PUT" && { "If-Match": "*" }),
    };
    const sent = JSON.parse(fill(JSON.stringify(body)));
    const response = await server.request(method, place, sent, headers);
    const text = await response.text();
    if (name.endsWith("/packages")) {
      assert.match(text, /packages/i); // This server gives its kernels none.
      continue;
    }
    assert(response.ok, `${method} ${place}: ${response.status} ${text}`);
    if (name === FIRST[0]) kernel = JSON.parse(text).id;
    if (name === FIRST[1]) execution = JSON.parse(text).id;
  }
});
