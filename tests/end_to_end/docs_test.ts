import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { makeWheel } from "../support/distribution.ts";
import { temporaryDirectory } from "../support/mod.ts";
import { ServerProcess } from "../support/server_process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Packages of the names that the documents install. */
const WHEELS = ["networkx", "six"].map((name) =>
  makeWheel({ name, version: "1.16.0", files: { [`${name}.py`]: "" } })
);

/** A script of all commands of a document that call curl, in which an error of the server is one of curl's. */
async function curlCommands(document: string, url: string): Promise<string> {
  const text = await Deno.readTextFile(root + document);
  const blocks = Array.from(text.matchAll(/^```bash\n([^]*?)^```/gm), ([, block = ""]) => block);
  const commands = blocks.filter((block) => block.includes("curl ")).join("\n");
  assert.match(commands, /localhost:8000/, `${document} has no commands for a server on port 8000`);
  const address = new URL(url).host;
  return `set -eux -o pipefail\ncurl() { command curl --fail-with-body "$@"; }\n` +
    commands.replaceAll("localhost:8000", address);
}

for (
  const document of [
    "README.md",
    "docs/http-api.md",
    "docs/migrating.md",
    "docs/languages.md",
    "docs/packages.md",
  ]
) {
  Deno.test(`the commands of ${document} that call curl are answered`, async () => {
    await using wheels = await temporaryDirectory();
    await using cache = await temporaryDirectory();
    for (const { fileName, bytes } of WHEELS) {
      await Deno.writeFile(`${wheels.path}/${fileName}`, bytes);
    }
    await using server = new ServerProcess(["--port", "0"], {
      LOG_LEVEL: "error",
      PACKAGE_WHEELS_DIR: wheels.path,
      PACKAGE_CACHE_DIR: cache.path,
    });
    const script = await curlCommands(document, await server.url());
    const { code, stdout, stderr } = await new Deno.Command("bash", { args: ["-c", script] })
      .output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assert.equal(code, 0, `${out}\n${err}`);
    // In order: it may be compiling a package, in a temporary directory.
    assert.equal((await server.end("SIGTERM")).code, 0);
  });
}
