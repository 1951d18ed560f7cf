/**
 * Lays the files of a server into a directory, so that Deno alone can run it there: the sources, what set-up
 * has made, and the npm packages that they load. The wheel carries this directory.
 *
 *     deno run -A lay_server.ts DIRECTORY    after ../../setup.sh
 *
 * @module
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const project = fileURLToPath(new URL("../..", import.meta.url));

/** The programs that can be run from the directory. */
const PROGRAMS = ["server/main.ts", "server/mcp_stdio.ts", "server/repl/repl.ts"];

/** The project's files that a server reads, as paths of git; set-up has built the page from `server/ui`. */
const SOURCES = [
  "LICENSE",
  "engine.sh",
  "kernel",
  "server",
  ":!server/ui",
  "pypi/deno_kernel/src",
  "pypi/deno_resolver/src",
  "pypi/deno_resolver/requirements.txt",
];

/** The files that set-up has made. */
const MADE = ["dist/kernel", "dist/ui"];

/** A package that a module reads files of, without importing it. */
const READ_PACKAGES = ["swagger-ui-dist"];

/** The files that are read of large packages. Set-up has made what replaces the others of Pyodide. */
const NEEDED_FILES: Record<string, readonly string[]> = {
  "pyodide": ["package.json", "pyodide-lock.json", "pyodide.mjs", "python_stdlib.zip"],
  "swagger-ui-dist": [
    "LICENSE",
    "NOTICE",
    "package.json",
    "swagger-ui-bundle.js",
    "swagger-ui.css",
  ],
};

/** Files of packages that only people, compilers and their own tests read. */
const UNREAD_FILE = /^(tests?|coverage|docs|examples)\/|\.(map|md|markdown|[cm]?tsx?|html|flow)$/i;

const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: z.array(z.string()),
  localPath: z.string(),
});
const moduleGraphSchema = z.object({
  modules: z.array(z.object({
    specifier: z.string(),
    npmPackage: z.string().optional(),
    dependencies: z.array(z.object({
      code: z.object({ specifier: z.string().optional() }).optional(),
    })).optional(),
  })),
  redirects: z.record(z.string(), z.string()),
  npmPackages: z.record(z.string(), packageSchema),
});
const configSchema = z.object({
  unstable: z.array(z.string()),
  imports: z.record(z.string(), z.string()),
});

/** The npm packages of the project, by their ids. */
type Packages = Record<string, z.infer<typeof packageSchema>>;

/** Lays a server into the directory, which must not exist yet. */
async function layServer(target: string): Promise<void> {
  await Deno.mkdir(target);
  const files = (await output("git", "ls-files", "-z", "--", ...SOURCES)).split("\0");
  for (const file of files.filter(Boolean)) await copyFile(join(project, file), join(target, file));
  for (const made of MADE) await copyDirectory(join(project, made), join(target, made), () => true);
  const { ids, packages } = await loadedPackages();
  const places = new Map<string, string>();
  for (const id of ids) await placePackage(id, packages, target, places);
  await writeConfig(target);
}

/** Returns the packages that the programs load or read, and all packages of the project. */
async function loadedPackages(): Promise<{ ids: string[]; packages: Packages }> {
  const ids = new Set<string>();
  let packages: Packages = {};
  for (const program of PROGRAMS) {
    const graph = moduleGraphSchema.parse(
      JSON.parse(await output(Deno.execPath(), "info", "--json", "--quiet", program)),
    );
    const byModule = new Map(graph.modules.map((it) => [it.specifier, it.npmPackage]));
    for (const { dependencies = [] } of graph.modules) {
      for (const { code } of dependencies) {
        const loaded = code?.specifier ?? "";
        const id = byModule.get(graph.redirects[loaded] ?? loaded);
        if (id) ids.add(id);
      }
    }
    packages = { ...packages, ...graph.npmPackages };
  }
  for (const [id, { name }] of Object.entries(packages)) {
    if (READ_PACKAGES.includes(name)) ids.add(id);
  }
  return { ids: [...ids].sort(), packages };
}

/**
 * Copies a package and those that it depends on below `node_modules`: into the one of `owner`, or, when another
 * version is there, into that of the package that depends on it. A wheel cannot have the links of Deno's own layout.
 */
async function placePackage(
  id: string,
  packages: Packages,
  owner: string,
  places: Map<string, string>,
): Promise<void> {
  const found = packages[id];
  if (!found) {
    throw new Error(`Cannot lay the server: deno info does not describe the package "${id}"`);
  }
  const root = join(owner, "node_modules", found.name);
  const taken = places.get(root);
  if (taken === id) return;
  if (taken !== undefined) {
    throw new Error(`Cannot lay the server: ${root} is to be ${taken} and ${id}`);
  }
  places.set(root, id);
  const needed = NEEDED_FILES[found.name];
  await copyDirectory(
    found.localPath,
    root,
    (path) => needed ? needed.includes(path) : !UNREAD_FILE.test(path),
  );
  const top = owner.split("/node_modules/")[0]!;
  for (const dependency of found.dependencies) {
    const { name } = packages[dependency] ?? {};
    const shared = name && places.get(join(top, "node_modules", name));
    await placePackage(dependency, packages, shared && shared !== dependency ? root : top, places);
  }
}

/** Writes a `deno.json` with which Deno takes the packages from the directory and asks no registry. */
async function writeConfig(target: string): Promise<void> {
  const config = JSON.parse(await Deno.readTextFile(join(project, "deno.json")));
  const { unstable, imports } = configSchema.parse(config);
  const laid = { unstable, nodeModulesDir: "manual", lock: false, imports };
  await Deno.writeTextFile(join(target, "deno.json"), JSON.stringify(laid, null, 2) + "\n");
}

/** Copies the files below a directory whose paths in it are wanted, without links. */
async function copyDirectory(
  from: string,
  to: string,
  wanted: (path: string) => boolean,
  below = "",
): Promise<void> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(join(from, below))) {
    const path = below ? `${below}/${name}` : name;
    if (isDirectory && name !== "node_modules") await copyDirectory(from, to, wanted, path);
    else if (isFile && wanted(path)) await copyFile(join(from, path), join(to, path));
  }
}

async function copyFile(from: string, to: string): Promise<void> {
  await Deno.mkdir(dirname(to), { recursive: true });
  await Deno.writeFile(to, await Deno.readFile(from), { mode: 0o644 });
}

async function output(program: string, ...args: string[]): Promise<string> {
  const command = new Deno.Command(program, {
    args,
    cwd: project,
    stdin: "null",
    stderr: "inherit",
  });
  const { success, stdout } = await command.output();
  if (!success) throw new Error(`Cannot lay the server: ${program} ${args[0]} failed`);
  return new TextDecoder().decode(stdout);
}

const [directory] = Deno.args;
if (!directory) {
  console.error("Usage: lay_server.ts DIRECTORY");
  Deno.exit(2);
}
await layServer(directory);
