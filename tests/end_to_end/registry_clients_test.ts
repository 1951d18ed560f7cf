import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { FILES, recordedFailures, runFile } from "../ipykernel_suites/suites.ts";
import { differences } from "../support/recorded_suite.ts";
import { run } from "../support/programs.ts";
import { pythonEnvironment } from "../support/python_environment.ts";
import { realPackages } from "../support/real_packages/real_packages.ts";
import { ServerProcess } from "../support/server_process.ts";

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

Deno.test("every recorded failure of ipykernel's tests has a reason, and belongs to a file that runs", async () => {
  for (const [name, reason] of await recordedFailures()) {
    assert.ok(reason.length > 20, name);
    assert.ok(FILES.includes(name.split("::")[0]!), name);
  }
});

// `deno task ipykernel` runs the other files.
Deno.test("kernels pass ipykernel's own tests of messages but for the recorded failures", async () => {
  await using server = startServer();
  const file = "tests/test_message_spec.py";
  const outcomes = await runFile(file, await server.url());
  assert.ok(outcomes.passed.length > 15, `${outcomes.passed.length} tests passed`);
  const { news, mended } = differences(file, outcomes, await recordedFailures());
  assert.deepEqual(news.map((name) => [name, outcomes.failed[name]]), []);
  assert.deepEqual(mended, [], "these pass now: take them off the record");
});

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
