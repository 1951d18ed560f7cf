import assert from "node:assert/strict";
import { KernelManager, KernelMode } from "../../../kernel/mod.ts";
import { makeWheel, serveDistribution } from "../../support/distribution.ts";

const alpha = makeWheel({ name: "alpha", version: "1.0", files: { "alpha.py": "value = 1" } });
const beta = makeWheel({ name: "beta", version: "2.0", files: { "beta.py": "value = 2" } });

/** Asks for addresses in all ways that a kernel has, and returns those that were answered. */
const ASK = `
import js, pyodide_js
from pyodide.http import pyfetch
async def by_micropip(address):
    return await pyodide_js._api.packageManager.downloadPackage(
        js.Object.fromEntries([["normalizedName", "beta"], ["channel", address]]))
answered = []
for address in addresses:
    for ask in (pyfetch, js.fetch, by_micropip):
        try:
            await ask(address)
        except Exception:
            continue
        answered.append(address)
"\\n".join(answered)`;

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS] as const) {
  Deno.test(`a ${mode} kernel gets nothing of a denied package, nor else from the index's server`, async () => {
    await using distribution = await serveDistribution([alpha], { indexed: [beta] });
    const { url, indexUrl, requests, answers } = distribution;
    for (const path of ["/admin/api", "/simple/"]) answers.set(path, () => new Response("secret"));
    await using manager = new KernelManager({
      packages: { baseUrl: url, indexUrl, cacheDir: null, deny: ["beta"] },
    });
    const kernel = manager.getKernel(await manager.createKernel({ mode }));
    const attacks = [
      `${url}/admin/api`,
      `${indexUrl}/`,
      `${indexUrl}/alpha/%2e%2e/%2e%2e/admin/api`,
      `${indexUrl}/alpha/..%2f..%2f..%2fadmin%2fapi/`,
      `${indexUrl}/beta/`,
      `${indexUrl}//beta//`,
      `${indexUrl}/b%65ta/`,
      `${url}/${beta.fileName}`,
      `${url}/beta-2.0-py3-none-any.%77hl`,
      `${url}/%2e/${beta.fileName}/`,
      `${url}//${beta.fileName}`,
      `${url}/beta-2.0.tar.gz`,
      "packages:file/beta",
      "packages:file/BETA",
    ];
    const addresses = JSON.stringify([`${indexUrl}/alpha/`, ...attacks]);
    const { result, error } = await kernel.execute(`addresses = ${addresses}\n${ASK}`);
    assert.equal(error, null, error?.evalue);
    const page = `${indexUrl}/alpha/`;
    const shown = result?.data["text/plain"];
    assert.equal(shown, `'${[page, page, page].join("\\n")}'`);
    // The distribution's list is needed to find out that it has no such package.
    assert.deepEqual(new Set(requests), new Set(["/simple/alpha/", "/pyodide-lock.json"]));
  });
}
