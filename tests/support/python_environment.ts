import { join } from "node:path";
import { run } from "./programs.ts";
import { keptDirectory } from "./test_cache.ts";

/** Returns the Python of an environment that has the packages of a list; it is made once. */
export async function pythonEnvironment(name: string, list: string): Promise<string> {
  const directory = await keptDirectory(name, [list], async (path) => {
    await run("python3", ["-m", "venv", path]);
    // A virtual environment moves to its place afterwards: its Python is called, none of its scripts.
    await run(join(path, "bin/python"), [
      ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--prefer-binary"],
      ...["--requirement", list],
    ]);
  });
  return join(directory, "bin/python");
}
