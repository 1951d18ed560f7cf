import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./programs.ts";
import { pythonEnvironment } from "./python_environment.ts";
import { keptDirectory } from "./test_cache.ts";

export { run } from "./programs.ts";

/** The directory of the clients' programs and of the lists of what they need. */
export const CLIENTS = fileURLToPath(new URL("../end_to_end/agents/", import.meta.url));

/** Returns the Python of an environment that has the packages of a list; it is made once. */
export function pythonWith(list: string): Promise<string> {
  return pythonEnvironment("agents-python", join(CLIENTS, list));
}

/** Returns the directory of the npm packages that the clients need; it is made once. */
export async function npmPackages(): Promise<string> {
  return await keptDirectory("agents-npm", [join(CLIENTS, "package.json")], async (path) => {
    await Deno.copyFile(join(CLIENTS, "package.json"), join(path, "package.json"));
    await run("npm", [
      ...["install", "--prefix", path, "--ignore-scripts", "--no-audit", "--no-fund"],
      "--loglevel=error",
    ]);
  });
}
