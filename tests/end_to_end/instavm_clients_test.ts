import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { run } from "../support/programs.ts";
import { pythonEnvironment } from "../support/python_environment.ts";
import { ServerProcess } from "../support/server_process.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";

Deno.test("InstaVM's client and its command line work with sessions, and hear what is not here", async () => {
  const env = { LOG_LEVEL: "error", TOKEN, DEFAULT_KERNEL_MODE: "worker" };
  await using server = new ServerProcess(["--port", "0"], env);
  const url = new URL(await server.url()).origin;
  const file = (name: string) => fileURLToPath(new URL(`./instavm/${name}`, import.meta.url));
  const python = await pythonEnvironment("instavm-python", file("requirements.txt"));
  await run(python, [file("client_test.py"), url, TOKEN]);
  const printed = await run("env", [
    ...["HOME=/nowhere", `INSTAVM_BASE_URL=${url}`, `INSTAVM_API_KEY=${TOKEN}`],
    ...[python, "-m", "instavm.cli", "exec", "--cmd", "print(6 * 7)", "--json"],
  ]);
  assert.equal(JSON.parse(printed).stdout, "42\n");
});
