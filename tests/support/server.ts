import type { KernelManager } from "../../kernel/mod.ts";
import { createApp } from "../../server/app.ts";
import { routesOf } from "../../server/apis/mod.ts";
import { type Config, loadConfig } from "../../server/config/config.ts";
import { listen, type Listener } from "../../server/http/listen.ts";
import type { Executions } from "../../server/services/executions/executions.ts";
import { LocalKernels } from "../../server/services/kernels/local_kernels.ts";
import type { ServerServices } from "../../server/services/mod.ts";
import { createServices } from "../../server/setup.ts";
import { Metrics } from "../../server/telemetry/metrics.ts";
import { fakeManager } from "./fake_host.ts";
import { createManager } from "./mod.ts";

/** Options for {@linkcode createServer}. */
export interface TestServerOptions {
  /** Settings by name, as in the environment. */
  settings?: Record<string, string>;
  /** @default a manager of Pyodide kernels */
  manager?: KernelManager;
  /** The directory of the page's bundle. */
  pageDirectory?: string;
}

/** A server without a port, unless `listen` opens one. Disposing it ends its kernels and its port. */
export interface TestServer extends AsyncDisposable {
  kernels: KernelManager;
  services: ServerServices;
  executions: Executions;
  config: Config;
  /** The routes of the server, such as "GET /api/kernels/:id". */
  routes: string[];
  /** Sends a request; an object is sent as JSON. */
  request(method: string, path: string, body?: unknown, headers?: HeadersInit): Promise<Response>;
  /** Sends a request, checks the status of the answer, and returns the answer's JSON. */
  json(
    status: number,
    method: string,
    path: string,
    body?: unknown,
    // deno-lint-ignore no-explicit-any -- answers are looked at field by field
  ): Promise<any>;
  /** Starts a kernel and returns the kernel's id. */
  createKernel(options?: unknown): Promise<string>;
  /** Opens a port on the loopback and returns the server's origin. */
  listen(): Promise<string>;
}

/** Makes a server as `server/main.ts` does. */
export function createServer(options: TestServerOptions = {}): TestServer {
  const config = loadConfig({ env: options.settings ?? {} });
  const distributed = options.settings?.["PYODIDE_PACKAGE_BASE_URL"] !== undefined;
  const { mountRoots, packages, sandboxDir, servers } = config;
  const kernels = options.manager ?? createManager({
    servers,
    mountRoots: [...mountRoots, sandboxDir],
    packages: distributed && packages,
  });
  const directory = new LocalKernels(kernels);
  const metrics = new Metrics(directory);
  const services = createServices({ config, directory, observers: [metrics.observer] });
  const pageDirectory = options.pageDirectory ?? "/nowhere";
  const app = createApp({ config, services, metrics, pageDirectory });
  let listener: Listener | undefined;

  const request: TestServer["request"] = async (method, path, body, headers = {}) => {
    const plain = body === undefined || typeof body === "string" || body instanceof Blob ||
      body instanceof FormData ||
      body instanceof URLSearchParams || body instanceof ReadableStream ||
      body instanceof Uint8Array;
    return await app.request(path, {
      method,
      headers,
      body: plain ? body as BodyInit : JSON.stringify(body),
    });
  };
  const json: TestServer["json"] = async (status, method, path, body) => {
    const response = await request(method, path, body);
    const text = await response.text();
    if (response.status !== status) {
      throw new Error(
        `${method} ${path} answered ${response.status} instead of ${status}: ${text}`,
      );
    }
    return JSON.parse(text);
  };
  return {
    kernels,
    services,
    executions: services.executions,
    config,
    routes: routesOf(app),
    request,
    json,
    createKernel: async (options) => (await json(201, "POST", "/api/kernels", options)).id,
    async listen() {
      listener ??= await listen(app.fetch, { ...config, hostname: "127.0.0.1", port: 0 });
      return `http://127.0.0.1:${listener.address.port}`;
    },
    async [Symbol.asyncDispose]() {
      await kernels[Symbol.asyncDispose]();
      await listener?.close(1_000);
      await services[Symbol.asyncDispose]();
      metrics[Symbol.dispose]();
    },
  };
}

/** Runs `body` with a server that has these settings and fake hosts. */
export async function withServer(
  settings: Record<string, string>,
  body: (server: TestServer) => Promise<void>,
): Promise<void> {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager, settings });
  await body(server);
}

/** Yields the events of a stream of lines, or of Server-Sent Events, as they arrive. */
export async function* streamedEvents(
  response: Response,
  // deno-lint-ignore no-explicit-any -- events are looked at field by field
): AsyncGenerator<any> {
  const lines = response.body!.pipeThrough(new TextDecoderStream());
  let rest = "";
  for await (const text of lines) {
    const complete = (rest + text).split("\n");
    rest = complete.pop()!;
    for (const line of complete) {
      if (line.startsWith("{")) yield JSON.parse(line);
      if (line.startsWith("data: ")) yield JSON.parse(line.slice("data: ".length));
    }
  }
}
