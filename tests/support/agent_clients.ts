import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { keptDirectory } from "./test_cache.ts";

/** The directory of the clients' programs and of the lists of what they need. */
export const CLIENTS = fileURLToPath(new URL("../end_to_end/agents/", import.meta.url));

/** Returns the Python of an environment that has the packages of a list; it is made once. */
export async function pythonWith(list: string): Promise<string> {
  const directory = await keptDirectory("agents-python", [join(CLIENTS, list)], async (path) => {
    await run("python3", ["-m", "venv", path]);
    // A virtual environment moves to its place afterwards: its Python is called, none of its scripts.
    await run(join(path, "bin/python"), [
      ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--prefer-binary"],
      ...["--requirement", join(CLIENTS, list)],
    ]);
  });
  return join(directory, "bin/python");
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

/** The longest time that a client's program takes, in milliseconds. */
const MAX_MS = 240_000;

/** Runs a program to its end; returns what it printed. Throws with that when the program fails. */
export async function run(command: string, args: string[], cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    ...(cwd !== undefined && { cwd }),
    stdin: "null",
    signal: AbortSignal.timeout(MAX_MS),
  }).output();
  const printed = new TextDecoder().decode(stdout);
  if (code === 0) return printed;
  const errors = new TextDecoder().decode(stderr);
  throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${printed}\n${errors}`);
}
