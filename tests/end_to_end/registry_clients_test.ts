import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pip } from "../support/pip.ts";
import { run } from "../support/programs.ts";
import { pythonEnvironment } from "../support/python_environment.ts";
import { realPackages } from "../support/real_packages/real_packages.ts";
import { ServerProcess } from "../support/server_process.ts";
import { keptDirectory } from "../support/test_cache.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";

function file(name: string): string {
  return fileURLToPath(new URL(`./jupyter/${name}`, import.meta.url));
}

/** Runs a program of the folder `jupyter` with the present versions of Jupyter's packages. */
async function python(program: string, ...args: string[]): Promise<void> {
  const command = await pythonEnvironment("jupyter-python", file("requirements.txt"));
  await run(command, [file(program), ...args]);
}

function startServer(env: Record<string, string> = {}): ServerProcess {
  return new ServerProcess(["--port", "0"], { LOG_LEVEL: "error", ...env });
}

for (
  const [name, program, ...tests] of [
    ["jupyter_kernel_test", "kernel_test.py"],
    // With this version of jupyter_client, a timeout ends in an AssertionError of the gateway client itself.
    ["nbclient", "notebooks_test.py", "-k", "outputs", "-k", "error", "-k", "input"],
    ["papermill", "papermill_test.py"],
  ] as [string, string, ...string[]][]
) {
  Deno.test(`${name} of the registry runs code in a kernel`, async () => {
    await using server = startServer();
    await python(program, await server.url(), ...tests);
  });
}

Deno.test("kernels pass ipykernel's own tests of messages but for the recorded failures", async () => {
  await using server = startServer();
  const suite = await keptDirectory("ipykernel-suite", [file("ipykernel_suite.txt")], unpackSuite);
  const command = await pythonEnvironment("jupyter-python", file("requirements.txt"));
  const url = await server.url();
  const text = await run(command, [
    ...[file("ipykernel_suite.py"), url, suite, "test_message_spec.py"],
  ]);
  const outcomes: { passed: string[]; failed: Record<string, string> } = JSON.parse(
    text.trim().split("\n").at(-1)!,
  );
  assert.ok(outcomes.passed.length > 15, `${outcomes.passed.length} tests passed`);
  const recorded = (await Deno.readTextFile(file("ipykernel_failures.txt"))).split("\n")
    .filter((line) => line && !line.startsWith("#"));
  const news = Object.entries(outcomes.failed).filter(([name]) => !recorded.includes(name));
  assert.deepEqual(news, []);
  const mended = recorded.filter((name) => !(name in outcomes.failed));
  assert.deepEqual(mended, [], "these pass now: take them off the record");
});

/** Unpacks ipykernel's tests, which are in its sources alone, and the programs that run them. */
async function unpackSuite(directory: string, [list]: string[]): Promise<void> {
  const download = await Deno.makeTempDir();
  try {
    const options = ["--quiet", "--no-deps", "--require-hashes", "--no-binary", "ipykernel"];
    await pip(["download", ...options, "--requirement", list!, "--dest", download]);
    const paths: string[] = [];
    for await (const { name } of Deno.readDir(download)) paths.push(join(download, name));
    const wheels = paths.filter((path) => path.endsWith(".whl"));
    await pip(["install", "--quiet", "--no-deps", "--no-index", "--target", directory, ...wheels]);
    for (const path of paths.filter((path) => path.endsWith(".tar.gz"))) {
      const members = ["--wildcards", "--strip-components=1", "*/tests/*"];
      await run("tar", ["-xzf", path, "-C", directory, ...members]);
    }
  } finally {
    await Deno.remove(download, { recursive: true });
  }
}

Deno.test("smolagents' remote executor runs code, tools and what they need", async () => {
  // The executor installs numpy and Pillow, for answers that are arrays or images.
  const { baseUrl } = await realPackages();
  await using server = startServer({ PYODIDE_PACKAGE_BASE_URL: baseUrl });
  const url = await server.url();
  await python("smolagents_test.py", url);
  await smolagentsInSandboxes(`${url}/e2b`);
});

/** Runs smolagents' executor for E2B, which has the packages of E2B's client besides its own. */
async function smolagentsInSandboxes(url: string): Promise<void> {
  const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const smolagents = await pythonEnvironment("jupyter-python", file("jupyter/requirements.txt"));
  const e2b = await pythonEnvironment("e2b-python", file("e2b/requirements.txt"));
  const ask = "import sysconfig; print(sysconfig.get_paths()['purelib'])";
  const packages = (await run(e2b, ["-c", ask])).trim();
  await run("env", [
    `PYTHONPATH=${packages}`,
    smolagents,
    file("e2b/smolagents_test.py"),
    url,
    TOKEN,
  ]);
}

Deno.test("autogen's executor for Jupyter servers runs code with a token", async () => {
  await using server = startServer({ TOKEN });
  const url = await server.url();
  assert.match(url, /^http:/);
  await python("autogen_test.py", url, TOKEN);
});
