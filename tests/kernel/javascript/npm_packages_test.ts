import assert from "node:assert/strict";
import { createTarGzip } from "npm:nanotar@0.3.0";
import { type ExecuteResult, KernelMode } from "../../../kernel/mod.ts";
import { createKernel } from "../../support/mod.ts";

interface Version {
  files: Record<string, string>;
  /** Members of its description besides the file. */
  facts?: Record<string, unknown>;
  /** Replaces the hash of its file. */
  integrity?: string;
  /** Replaces the address of its file. */
  tarball?: string;
}

/** Packages by name and version; the last version is the latest one. */
const PACKAGES: Record<string, Record<string, Version>> = {
  "both": {
    "1.0.0": {
      files: { "package.json": '{"version":"1.0.0"}', "index.js": "exports.v = '1.0.0'" },
    },
    "1.2.0": {
      files: {
        "package.json": JSON.stringify({
          exports: {
            ".": { import: "./esm/index.mjs", require: "./index.cjs" },
            "./part": "./part.js",
          },
        }),
        "esm/index.mjs": "export const v = '1.2.0'; export let n = 1; export const up = () => n++;",
        "index.cjs": "exports.v = 'common'",
        "part.js": "module.exports = require('needed').twice(21)",
        "empty.js": "",
      },
      facts: { dependencies: { needed: "^1.0.0", "@scope/alias": "npm:needed@1.0.0" } },
    },
    "2.0.0": { files: { "index.js": "exports.v = '2.0.0'" } },
  },
  "needed": {
    "1.0.0": { files: { "index.js": "exports.twice = () => 'old'" } },
    "1.5.0": {
      files: { "index.js": "const http = require('http'); exports.twice = (x) => 2 * x" },
    },
  },
  "changed": {
    "1.0.0": { files: { "index.js": "" }, integrity: `sha512-${"A".repeat(86)}==` },
  },
  "weak": {
    "1.0.0": { files: { "index.js": "" }, integrity: "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=" },
  },
  "scripted": { "1.0.0": { files: { "index.js": "" }, facts: { hasInstallScript: true } } },
  "lenient": {
    "1.0.0": {
      files: {
        "index.js": "exports.methods = require('http').METHODS.map((it) => it.length > 0)[0];" +
          "exports.channel = typeof require('node:diagnostics_channel').channel;" +
          "exports.scripted = require('scripted'); require('node:module'); require('node:sqlite');",
      },
      facts: { dependencies: { scripted: "1" } },
    },
  },
  "native": { "1.0.0": { files: { "index.js": "", "build/x.node": "machine code" } } },
  "remote": {
    "1.0.0": { files: { "index.js": "" }, facts: { dependencies: { x: "git+ssh://host/x.git" } } },
  },
  "elsewhere": {
    "1.0.0": { files: { "index.js": "" }, tarball: "http://169.254.169.254/latest/meta-data" },
  },
  "renaming": {
    "1.0.0": {
      files: { "index.js": "" },
      facts: { dependencies: { "../../../../x": "npm:needed@1" } },
    },
  },
  "importing": {
    "1.0.0": {
      files: {
        "package.json": '{"type":"module"}',
        "index.js": "const why = async (it) => (await import(it).catch((e) => e)).message;" +
          "export const reasons = await Promise.all(['data:text/javascript,1', 'https://a.example/x.js'," +
          "'jsr:@std/path', 'file:///etc/passwd', 'blob:x'].map(why));" +
          "import fs from 'node:fs'; export const seen = fs.existsSync('/etc/passwd');" +
          "import { spawn } from 'node:child_process'; try { spawn('ls') } catch (e) { reasons.push(e.message) }",
      },
    },
  },
  "outside": { "1.0.0": { files: { "../../../../evil.js": "1", "index.js": "exports.v = 1" } } },
  "denied": { "1.0.0": { files: { "index.js": "" } } },
};

/** Serves the packages as a registry does. */
async function serveRegistry(): Promise<AsyncDisposable & { url: string; asked: string[] }> {
  const asked: string[] = [];
  const archives = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [name, versions] of Object.entries(PACKAGES)) {
    for (const [version, { files }] of Object.entries(versions)) {
      const entries = Object.entries(files).map(([path, data]) => ({
        name: `package/${path}`,
        data,
      }));
      archives.set(`/${name}/-/${version}.tgz`, new Uint8Array(await createTarGzip(entries)));
    }
  }
  const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen() {},
  }, async (request) => {
    const { origin, pathname } = new URL(request.url);
    asked.push(pathname);
    const archive = archives.get(pathname);
    if (archive) return new Response(archive);
    const name = pathname.slice(1);
    const versions = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
    if (!versions) return new Response(null, { status: 404 });
    const described = await Promise.all(
      Object.entries(versions).map(async ([version, { facts, integrity, tarball }]) => {
        const path = `/${name}/-/${version}.tgz`;
        const hash = await crypto.subtle.digest("SHA-512", archives.get(path)!);
        return [version, {
          ...facts,
          dist: {
            tarball: tarball ?? `${origin}${path}`,
            integrity: integrity ?? `sha512-${new Uint8Array(hash).toBase64()}`,
          },
        }];
      }),
    );
    const latest = Object.keys(versions).at(-1);
    return Response.json({
      "dist-tags": { latest },
      versions: Object.fromEntries(described),
    });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function seen({ result, error }: ExecuteResult): string {
  return error ? error.evalue : String(result?.data["text/plain"]);
}

const CELLS = [
  ['import { v } from "npm:both@1"; v', '"1.2.0"'],
  ['import * as it from "npm:both@^1.2"; it.up(); it.n', "2"],
  ['require("both").v', '"common"'],
  ['import part from "npm:both@1/part"; part', "42"],
  ['import old from "npm:both@1.0.0"; old.v', '"1.0.0"'],
  ['import { twice } from "needed"; twice(1)', "2"],
  ['import { v as v1 } from "npm:outside"; v1', "1"],
  ['import { existsSync } from "node:fs"; existsSync("/evil.js")', "false"],
  ['import "npm:both@9"', /there is no version "9"/],
  ['import "npm:none"', /the registry has no such package/],
  ['import "npm:changed"', /its SHA-512 is not that of the registry/],
  ['import "npm:weak"', /names no SHA-512/],
  ['import "npm:scripted"', /runs scripts when it is installed/],
  ['import { methods, channel } from "npm:lenient"; [methods, channel]', '[ true, "function" ]'],
  ['import "npm:native"', /it has machine code \(build\/x\.node\)/],
  ['import "npm:remote"', /which is no version of the registry/],
  ['import "npm:elsewhere"', /Cannot fetch/],
  ['import "npm:renaming"', /which is no version of the registry/],
  ['import "npm:both@%E0%A4"', /there is no version "%E0%A4"/],
  ['import "npm:__proto__"', /it is no name of a package/],
  ['import "npm:constructor"', /the registry has no such package/],
  [
    'import { reasons, seen } from "npm:importing"; [seen, reasons.map((it) => /^Cannot (import|call)/.test(it))]',
    "[ false, [ true, true, true, true, true, true ] ]",
  ],
  ['import "npm:denied"', /is not allowed on this server/],
  ['import "npm:both@1/esm/index.mjs"', /is not exported/],
  ['import "npm:../x"', /it is no name of a package/],
  ['import http from "node:http"', /kernels do not have this module/],
] as const;

Deno.test("packages are chosen by range, verified, and of pure JavaScript", async (t) => {
  await using registry = await serveRegistry();
  const npm = {
    findRegistry: () => Promise.resolve(registry.url),
    deny: ["denied"],
    cacheDir: null,
  };
  for (const mode of [KernelMode.WORKER, KernelMode.PROCESS]) {
    await using fixture = await createKernel({ language: "typescript", mode }, { npm });
    const { kernel } = fixture;
    for (const [code, expected] of CELLS) {
      await t.step(`${mode}: ${code}`, async () => {
        const found = seen(await kernel.execute(code));
        if (typeof expected === "string") assert.equal(found, expected);
        else assert.match(found, expected);
      });
    }
    const packages = await kernel.packages();
    assert.deepEqual(
      packages.map(({ name, version }) => `${name}@${version}`).toSorted(),
      [
        ...["both@1.0.0", "both@1.2.0", "importing@1.0.0", "lenient@1.0.0", "needed@1.0.0"],
        ...["needed@1.5.0", "outside@1.0.0", "scripted@1.0.0"],
      ],
    );
  }
  assert.equal(registry.asked.filter((it) => it.startsWith("/denied")).length, 0);
});

Deno.test("without a registry, a kernel says how npm is configured", async () => {
  const npm = { findRegistry: () => Promise.resolve(undefined), cacheDir: null };
  await using fixture = await createKernel({ language: "javascript" }, { npm });
  assert.match(seen(await fixture.kernel.execute('import "npm:both"')), /npm_config_registry/);
});
