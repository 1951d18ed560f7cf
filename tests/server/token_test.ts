import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "../support/mod.ts";
import { ServerProcess } from "../support/server_process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const TOKEN = "the-administrators-token";
/** Runs a program of the server without the set-up of start-server.sh, which takes a while. */
const ENGINE = "./engine.sh run -A --no-prompt --cached-only";

/** Runs a command of the terminal in the project's directory. */
async function run(command: string, env: Record<string, string>) {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-euo", "pipefail", "-c", command],
    cwd: root,
    env: { DENO: Deno.execPath(), ...env },
  }).output();
  const [out, err] = [stdout, stderr].map((it) => new TextDecoder().decode(it));
  return { code, out: out!, err: err! };
}

Deno.test("the commands of docs/namespaces.md make tokens that a server takes in", async () => {
  await using directory = await temporaryDirectory();
  const TOKENS_FILE = `${directory.path}/tokens.json`;
  await using server = new ServerProcess(
    ["--port", "0", "--kernel-pool-size", "0", "--allowed-kernel-modes", "worker"],
    { LOG_LEVEL: "error", TOKENS_FILE, TOKEN },
  );
  const { host, origin } = new URL(await server.url());
  const text = await Deno.readTextFile(`${root}docs/namespaces.md`);
  const [making = "", ...using] = Array.from(
    text.matchAll(/^```bash\n([^]*?)^```/gm),
    ([, block = ""]) => block,
  );
  const isThere =
    `until curl -sf ${origin}/api/kernels -H "Authorization: Bearer $BOB"; do sleep 0.1; done`;
  const script = [making.replace(/TOKENS_FILE=\S+/, ""), isThere, ...using].join("\n")
    .replaceAll("./start-server.sh token", `${ENGINE} server/token.ts`)
    .replaceAll("localhost:8000", host).replaceAll("curl -s ", "curl -sS --fail-with-body ");
  const { code, out, err } = await run(script, { TOKENS_FILE, TOKEN });
  assert.equal(code, 0, `${out}\n${err}`);
  assert.match(out, /alice {2}read,run,files\n\w+ {2}bob {2}read,run\n/);
  assert.match(out, /"id":"alice:demo"/);
  assert.match(out, /"text\/plain":"42"/);
  assert.match(out, /"namespace":"carol".*"token":"dci_/);
});

Deno.test("start-server.sh token and the server refuse a file of tokens that is wrong, and says where", async () => {
  const entry = { namespace: "alice", sha256: "0".repeat(64), scopes: ["everything"] };
  await using directory = await temporaryDirectory({
    "tokens.json": JSON.stringify({ tokens: [entry] }),
  });
  const TOKENS_FILE = `${directory.path}/tokens.json`;
  for (const command of [`${ENGINE} server/main.ts --port 0`, "./start-server.sh token bob"]) {
    const { code, out, err } = await run(command, { TOKENS_FILE });
    assert.equal(code, 2, out + err);
    assert.match(err, /TOKENS_FILE: \S+tokens\.json: tokens\.0\.scopes\.0: use read, run, files/);
  }
  const without = await run(`${ENGINE} server/token.ts bob`, { TOKENS_FILE: "" });
  assert.equal(without.code, 2);
  assert.match(without.err, /TOKENS_FILE: name the file/);
});
