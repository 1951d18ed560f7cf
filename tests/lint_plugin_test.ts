import assert from "node:assert/strict";
import plugin from "./lint_plugin.ts";

interface Cases {
  good: [file: string, source: string][];
  bad: [file: string, source: string][];
}

const rules: Record<string, Cases> = {
  layers: {
    good: [
      ["kernel/manager.ts", `import { EventBus } from "./event_bus.ts";`],
      ["kernel/manager.ts", `import type { KernelHost } from "./host.ts";`],
      ["kernel/manager.ts", `import { defaultHosts } from "./default_hosts.ts";`],
      ["kernel/default_hosts.ts", `import { WorkerHost } from "./hosts/worker/host.ts";`],
      ["kernel/default_hosts.ts", `import { PythonEngine } from "./pyodide/engine.ts";`],
      ["kernel/pyodide/worker_entry.ts", `import { serveWorker } from "../hosts/worker/serve.ts";`],
      ["kernel/hosts/process/serve.ts", `import { WorkerHost } from "../worker/host.ts";`],
      ["kernel/hosts/worker/host.ts", `import { HostSide } from "../host_side.ts";`],
      ["server/app.ts", `import { KernelManager } from "../kernel/mod.ts";`],
      ["server/services/kernels/kernels.ts", `export * from "../../../kernel/mod.ts";`],
      ["server/apis/native/kernels.ts", `import { Services } from "../../services/mod.ts";`],
      ["tests/kernel/manager_test.ts", `import { createApp } from "../../server/app.ts";`],
      ["tests/server/app_test.ts", `import { Channel } from "../../kernel/hosts/channel.ts";`],
    ],
    bad: [
      ["kernel/manager.ts", `import { createApp } from "../server/app.ts";`],
      ["kernel/hosts/worker/host.ts", `export * from "../../../server/services/mod.ts";`],
      ["kernel/host.ts", `import type { Engine } from "./engine.ts";`],
      ["kernel/packages/broker.ts", `import type { KernelHost } from "../host.ts";`],
      ["kernel/calls/files.ts", `import { limitFiles } from "../limits/limits.ts";`],
      ["kernel/executions/run.ts", `import { KernelPool } from "../pool/pool.ts";`],
      ["kernel/hosts/worker/host.ts", `import { PythonEngine } from "../../pyodide/engine.ts";`],
      ["kernel/hosts/messages.ts", `import type { ToWorker } from "./worker/messages.ts";`],
      ["kernel/hosts/worker/host.ts", `import { launch } from "../process/launch.ts";`],
      ["kernel/manager.ts", `import { WorkerHost } from "./hosts/worker/host.ts";`],
      ["kernel/manager.ts", `import type { MainThreadHost } from "./hosts/main_thread.ts";`],
      ["kernel/manager.ts", `import { snapshot } from "./pyodide/snapshot.ts";`],
      ["kernel/manager.ts", `new Worker(new URL("./hosts/worker/serve.ts", import.meta.url));`],
      ["kernel/unheard_of.ts", `import { KernelError } from "./errors.ts";`],
      ["server/app.ts", `import { KernelManager } from "../kernel/manager.ts";`],
      ["server/apis/jupyter/server.ts", `import type { Kernel } from "../../../kernel/kernel.ts";`],
      ["server/app.ts", `export { KernelError } from "../kernel/errors.ts";`],
      ["server/app.ts", `new Worker(new URL("../kernel/hosts/worker/serve.ts", import.meta.url));`],
      ["server/services/mod.ts", `import { nativeRoutes } from "../apis/native/mod.ts";`],
      ["server/apis/native/kernels.ts", `import { createApp } from "../../app.ts";`],
    ],
  },
  "kernel-without-http": {
    good: [["server/app.ts", `import { Hono } from "hono";`]],
    bad: [
      ["kernel/errors.ts", `import type { Context } from "hono";`],
      ["kernel/errors.ts", `import { cors } from "npm:hono@4/cors";`],
      ["kernel/errors.ts", `import { zValidator } from "@hono/zod-validator";`],
    ],
  },
  "pyodide-in-one-folder": {
    good: [
      ["kernel/pyodide/runtime.ts", `import { loadPyodide } from "pyodide/pyodide.mjs";`],
      ["tests/kernel/pyodide/convert_test.ts", `import type { PyProxy } from "pyodide/ffi";`],
      ["kernel/pyodide/engine.ts", `import { boot } from "./boot.ts";`],
      ["bench/boot.ts", `import { loadPyodide } from "pyodide/pyodide.mjs";`],
    ],
    bad: [
      ["kernel/hosts/worker/host.ts", `import { loadPyodide } from "pyodide/pyodide.mjs";`],
      ["kernel/host.ts", `import type { PyProxy } from "pyodide/ffi";`],
      ["kernel/host.ts", `export type Proxy = import("pyodide/ffi").PyProxy;`],
      ["server/main.ts", `await import("npm:/pyodide@314.0.7/pyodide.mjs");`],
      ["server/main.ts", `import.meta.resolve("pyodide/pyodide.asm.wasm");`],
      ["tests/server/app_test.ts", `new URL("../../node_modules/pyodide/x", import.meta.url);`],
    ],
  },
  "no-remote-import": {
    good: [
      ["server/app.ts", `import { z } from "zod";`],
      ["server/app.ts", `const address = new URL("http://localhost:8888");`],
    ],
    bad: [
      ["server/app.ts", `import { join } from "jsr:@std/path";`],
      ["tests/support/mod.ts", `export * from "https://example.com/mod.ts";`],
      ["bench/boot.ts", `await import("http://example.com/mod.ts");`],
    ],
  },
  "no-private-keyword": {
    good: [
      ["kernel/hosts/channel.ts", `class Channel { #next = 1; protected id = 2; #close() {} }`],
      ["kernel/hosts/channel.ts", `class Channel { private constructor() {} }`],
    ],
    bad: [
      ["kernel/hosts/channel.ts", `class Channel { private next = 1; }`],
      ["kernel/hosts/channel.ts", `class Channel { private close() {} }`],
      ["kernel/hosts/channel.ts", `class Channel { constructor(private port: MessagePort) {} }`],
    ],
  },
  "no-top-level-arrow": {
    good: [
      ["kernel/mounts.ts", `function parse() { const trim = () => {}; return trim; }`],
      ["kernel/mounts.ts", `const parsers = { text: () => {} };`],
      ["kernel/mounts.ts", `const sorted = [2, 1].sort((a, b) => a - b);`],
    ],
    bad: [
      ["kernel/mounts.ts", `const parse = () => {};`],
      ["kernel/mounts.ts", `export const parse = async (text: string) => await text;`],
    ],
  },
};

/** The names of the rules that complain about a file. */
function complaints(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, file, source).map((diagnostic) => diagnostic.id);
}

for (const [rule, { good, bad }] of Object.entries(rules)) {
  for (const [file, source] of good) {
    Deno.test(`${rule} accepts ${source} in ${file}`, () => {
      assert(!complaints(file, source).includes(`house/${rule}`));
    });
  }
  for (const [file, source] of bad) {
    Deno.test(`${rule} rejects ${source} in ${file}`, () => {
      assert.deepEqual(complaints(file, source), [`house/${rule}`]);
    });
  }
}

Deno.test("every rule has a good and a bad case", () => {
  assert.deepEqual(Object.keys(rules).sort(), Object.keys(plugin.rules).sort());
  for (const { good, bad } of Object.values(rules)) assert(good.length > 0 && bad.length > 0);
});
