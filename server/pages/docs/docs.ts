import type { OpenAPIHono } from "@hono/zod-openapi";
import { Hono } from "hono";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { VERSION } from "../../version.ts";
import { BODIES, parameterExample } from "./examples.ts";
import type { ServerEnv } from "../../http/env.ts";

const DOCUMENT = {
  openapi: "3.1.0",
  info: {
    title: "Deno Code Interpreter",
    version: VERSION,
    description: "Runs Python in kernels. The body of every error is JSON with a stable `code`.",
  },
  components: {},
};

/** The files of Swagger UI that its page needs, with their types. */
const ASSETS: Record<string, string> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
};

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Deno Code Interpreter: API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="api"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`;
const START = new URL("start.js", import.meta.url);

/** The groups of requests, the most used first; those of other systems' clients come last. */
const GROUPS: readonly [name: string, description: string][] = [
  ["Kernels", "Start with `POST /api/kernels`: its id is filled into the other requests."],
  ["Executions", "Run code in a kernel, and follow what it does"],
  ["Files", "The files of a kernel"],
  ["Packages", "The packages of a kernel"],
  ["Introspection", "Completion, help, variables and history"],
  ["Notebooks", "The notebooks that the server keeps, if it has a directory for them"],
  ["Live notebooks", "Notebooks that are open in the server: edit and run their cells"],
  ["App views", "Links that show a notebook as an app"],
  ["Comms", "Messages to objects in a kernel, such as widgets"],
  ["Server", "The server itself"],
  ["Tokens", "Tokens that are bound to namespaces"],
];

// Swagger UI writes style attributes, and its icons are data URLs.
const PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The routes of the API's description in OpenAPI, and of a page to read and try it. */
export function docsRoutes(api: OpenAPIHono<ServerEnv>) {
  const directory = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  let document: string | undefined;
  return new Hono<ServerEnv>()
    .get("/openapi.json", (c) => {
      document ??= JSON.stringify(describe(api));
      return c.body(document, 200, { "Content-Type": "application/json" });
    })
    // Jupyter's clients look for the description here, in YAML: JSON is YAML.
    .get("/api/spec.yaml", (c) => {
      document ??= JSON.stringify(describe(api));
      return c.body(document, 200, { "Content-Type": "text/x-yaml" });
    })
    .get("/docs", (c) => c.html(PAGE, 200, { "Content-Security-Policy": PAGE_POLICY }))
    .get("/docs/start.js", async (c) => {
      return c.body(await Deno.readTextFile(START), 200, { "Content-Type": "text/javascript" });
    })
    .get("/docs/:file", async (c) => {
      const file = c.req.param("file");
      const type = ASSETS[file];
      if (!type) return c.notFound();
      return c.body(await Deno.readFile(join(directory, file)), 200, {
        "Content-Type": type,
        "Cache-Control": "max-age=3600",
      });
    });
}

/**
 * Makes the description, with examples. OpenAPI has no parameter that takes in slashes: its pattern is left
 * out.
 */
function describe(api: OpenAPIHono<ServerEnv>) {
  const document = api.getOpenAPI31Document(DOCUMENT);
  const paths = Object.entries(document.paths ?? {}).map(([described, item]) => {
    const path = described.replace("{.+}", "");
    const operations = Object.entries(item as Record<string, Operation>);
    return [
      path,
      Object.fromEntries(
        operations.map(([method, it]) => [method, withExamples(path, method, it)]),
      ),
    ] as const;
  });
  const used = new Set(
    paths.flatMap(([, item]) => Object.values(item)).flatMap(({ tags = [] }) => tags),
  );
  const first = GROUPS.filter(([name]) => used.has(name));
  const others = [...used].filter((name) => !GROUPS.some(([it]) => it === name)).toSorted();
  return {
    ...document,
    tags: [
      ...first.map(([name, description]) => ({ name, description })),
      ...others.map((name) => ({ name, description: "For clients of another system" })),
    ],
    paths: Object.fromEntries(paths),
  };
}

/** An operation of the description, as far as it gets examples. */
interface Operation {
  tags?: string[];
  parameters?: { name: string }[];
  requestBody?: { content: Record<string, object> };
}

function withExamples(path: string, method: string, operation: Operation): Operation {
  const body = BODIES[`${method.toUpperCase()} ${path}`];
  const json = operation.requestBody?.content["application/json"];
  return {
    ...operation,
    ...(operation.parameters && {
      parameters: operation.parameters.map((it) => {
        const example = parameterExample(path, it.name);
        return example === undefined ? it : { ...it, example };
      }),
    }),
    ...(body !== undefined && json && {
      requestBody: {
        ...operation.requestBody,
        content: {
          ...operation.requestBody!.content,
          "application/json": { ...json, example: body },
        },
      },
    }),
  };
}
