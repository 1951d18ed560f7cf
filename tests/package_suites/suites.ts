import { unzipSync } from "npm:fflate@0.8.3";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { KernelManager, KernelMode } from "../../kernel/mod.ts";
import { readDistribution } from "../../kernel/pyodide/distribution.ts";
import { fetchWheel } from "../../kernel/pyodide/package_source.ts";
import { findPackageIndex, thisMachine } from "../../server/config/package_index.ts";
import { pip } from "../support/pip.ts";
import { realPackages } from "../support/real_packages/real_packages.ts";
import { keptDirectory, testCacheDir } from "../support/test_cache.ts";

/** A suite: tests of a package, as files below its modules. */
export interface Suite {
  /** The project whose wheel or archive has the tests. @default an installed package has them */
  project?: string;
  packages: string[];
  tests: string[];
  /** Options of pytest. */
  options?: string[];
}

/** The outcomes of the tests of a suite. */
export interface Outcomes {
  passed: number;
  skipped: number;
  /** The last line of each failure, by the name of the test. */
  failed: Record<string, string>;
}

/** The reasons of known failures, by suite; a key that ends with `*` stands for all that begin so. */
export type KnownFailures = Record<string, Record<string, string>>;

/** The members of wheels that are tests, or belong to them. */
const TESTS = /^\w+\/(.*\/)?(tests\/|conftest\.py$)/;
/** The lists of wheels, and of archives of sources, that contain tests. */
const LISTS = ["wheels.txt", "sources.txt"].map((name) =>
  fileURLToPath(new URL(name, import.meta.url))
);
/** A line of the list of archives. */
const ARCHIVE = /^(\S+)==(\S+) --hash=sha256:([0-9a-f]{64}) ((?:\S+=\S+ ?)+)$/gm;
const MOUNT_POINT = "/suites";
/** The time that a suite may take, in seconds. */
const MOST_SECONDS = 1_800;

/** Returns the suites by name. */
export async function readSuites(): Promise<Record<string, Suite>> {
  return JSON.parse(await Deno.readTextFile(new URL("./suites.json", import.meta.url)));
}

/** Returns the recorded failures. */
export async function readKnownFailures(): Promise<KnownFailures> {
  return JSON.parse(await Deno.readTextFile(new URL("./failures.json", import.meta.url)));
}

/** Runs tests in a new kernel. Throws when the kernel ends, or the tests cannot be run. */
export async function runSuite(
  { project, packages, tests, options = [] }: Suite,
): Promise<Outcomes> {
  const root = await keptDirectory(
    `tests-of-${project}`,
    LISTS,
    (directory, lists) => unpackTests(directory, lists, project),
  );
  const runner = await Deno.readTextFile(new URL("./runner.py", import.meta.url));
  const sources = { ...await realPackages(), cacheDir: join(testCacheDir(), "packages") };
  await using manager = new KernelManager({ packages: sources });
  const id = await manager.createKernel({
    mode: KernelMode.PROCESS,
    mounts: [{ root, mountPoint: MOUNT_POINT, access: "ro" }],
    limits: { memoryMiB: 3_072, filesMiB: 1_024, executionSeconds: MOST_SECONDS },
    packages: [...packages, "pytest"],
  });
  const call = `run(${JSON.stringify(MOUNT_POINT)}, ${JSON.stringify([...options, ...tests])})`;
  const { error, outputs } = await manager.getKernel(id).execute(`${runner}\n${call}`);
  if (error) throw new Error(error.traceback.join("\n"));
  const text = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
  return JSON.parse(text.trim().split("\n").at(-1)!);
}

/** Returns a text for each failure that is not known, and for each known one that is none any more. */
export function compareFailures(
  { failed }: Outcomes,
  known: Record<string, string> = {},
): string[] {
  const matches = (key: string, test: string) =>
    key.endsWith("*") ? test.startsWith(key.slice(0, -1)) : test === key;
  const news = Object.entries(failed)
    .filter(([test]) => !Object.keys(known).some((key) => matches(key, test)))
    .map(([test, line]) => `${test} fails: ${line}`);
  const gone = Object.keys(known)
    .filter((key) => !Object.keys(failed).some((test) => matches(key, test)))
    .map((key) => `${key} fails no more: remove it from the list of failures`);
  return [...news, ...gone];
}

async function unpackTests(
  directory: string,
  lists: string[],
  project: string | undefined,
): Promise<void> {
  const [wheels, sources] = await Promise.all(lists.map(async (list) => {
    const lines = (await Deno.readTextFile(list)).split("\n");
    return lines.filter((line) => line.startsWith(`${project}==`)).join("\n");
  }));
  if (wheels) await unpackWheels(directory, wheels);
  if (sources) await unpackSources(directory, sources);
}

/** Unpacks tests of archives of sources, which pip would build. */
async function unpackSources(directory: string, list: string): Promise<void> {
  const findIndex = () => findPackageIndex(thisMachine(process.env));
  const download = await Deno.makeTempDir();
  try {
    for (const [, project, version, sha256, places] of list.matchAll(ARCHIVE)) {
      const file = `${project}-${version}.tar.gz`;
      const pinned = { project: project!, file, sha256: sha256! };
      await Deno.writeFile(
        join(download, file),
        await fetchWheel({ findIndex, cacheDir: null }, pinned),
      );
      await run("tar", ["-xzf", join(download, file), "-C", download]);
      for (const place of places!.split(" ")) {
        const [from, to] = place.split("=");
        const target = join(directory, to!);
        await Deno.mkdir(dirname(target), { recursive: true });
        await run("cp", ["-r", join(download, `${project}-${version}`, from!), target]);
      }
    }
  } finally {
    await Deno.remove(download, { recursive: true });
  }
}

async function run(program: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args }).output();
  if (!success) throw new Error(`${program} failed: ${new TextDecoder().decode(stderr)}`);
}

async function unpackWheels(directory: string, lines: string): Promise<void> {
  const download = await Deno.makeTempDir();
  const list = join(download, "requirements.txt");
  try {
    await Deno.writeTextFile(list, lines);
    const { pythonMinor } = await readDistribution();
    const platforms = ["manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_24_x86_64"];
    await pip([
      ...["download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"],
      ...["--python-version", `3.${pythonMinor}`, "--implementation", "cp"],
      ...["--abi", `cp3${pythonMinor}`, ...platforms.flatMap((it) => ["--platform", it])],
      ...["--requirement", list, "--dest", download],
    ]);
    for await (const { name } of Deno.readDir(download)) {
      if (!name.endsWith(".whl")) continue;
      const wheel = await Deno.readFile(join(download, name));
      const files = unzipSync(wheel, { filter: ({ name }) => TESTS.test(name) });
      for (const [path, bytes] of Object.entries(files)) {
        if (/\.so$|\/$/.test(path)) continue;
        await Deno.mkdir(join(directory, dirname(path)), { recursive: true });
        await Deno.writeFile(join(directory, path), bytes);
      }
    }
  } finally {
    await Deno.remove(download, { recursive: true });
  }
}
