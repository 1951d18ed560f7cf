import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pip } from "../support/pip.ts";
import { run } from "../support/programs.ts";
import { pythonEnvironment } from "../support/python_environment.ts";
import { readRecordedFailures } from "../support/recorded_failures.ts";
import type { Outcomes } from "../support/recorded_suite.ts";
import { keptDirectory } from "../support/test_cache.ts";

/** Files of ipykernel's tests that concern what a client sees of a kernel. */
export const FILES = [
  ...[
    "async",
    "debugger",
    "eventloop",
    "ipkernel_direct",
    "kernel",
    "kernel_direct",
    "message_spec",
  ],
].map((name) => `tests/test_${name}.py`);

/** Runs a file of ipykernel's tests against kernels of the server at a URL. */
export async function runFile(file: string, url: string): Promise<Outcomes> {
  const suite = await keptDirectory("ipykernel-suite", [pathOf("packages.txt")], unpackSuite);
  const command = await pythonEnvironment(
    "jupyter-python",
    pathOf("../end_to_end/jupyter/requirements.txt"),
  );
  const text = await run(command, [pathOf("runner.py"), url, suite, file]);
  return JSON.parse(text.trim().split("\n").at(-1)!);
}

/** Returns the names of the tests that are known to fail, each with the reason, from `failures.txt`. */
export async function recordedFailures(): Promise<Map<string, string>> {
  return await readRecordedFailures(new URL("failures.txt", import.meta.url));
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

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
