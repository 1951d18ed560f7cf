import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { LAYERS } from "./lint_plugin.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Imports and re-exports of relative modules, those of types included. */
const relativeImport = /^(?:import|export)(?:[^"';]*from)?\s*"(\.[^"]+)"/gm;

/** The project's modules and the modules that each imports, by path. */
type Graph = ReadonlyMap<string, readonly string[]>;

/** Reads the imports of the TypeScript files in a project folder. */
async function importsWithin(folder: string): Promise<[string, string[]][]> {
  const files = await readdir(join(root, folder), { recursive: true });
  const modules = files.filter((file) => /\.tsx?$/.test(file)).map((file) => join(folder, file));
  return await Promise.all(modules.map(async (file): Promise<[string, string[]]> => {
    const source = await readFile(join(root, file), "utf8");
    const targets = source.matchAll(relativeImport);
    return [file, Array.from(targets, ([, target = ""]) => join(dirname(file), target))];
  }));
}

/** The same graph with folders for modules; modules that lie flat in `kernel/` or `server/` stay. */
function foldersOf(graph: Graph): Graph {
  const nodeOf = (path: string) => dirname(path).includes("/") ? dirname(path) : path;
  const folders = new Map<string, string[]>();
  for (const [file, targets] of graph) {
    const node = nodeOf(file);
    const others = targets.map(nodeOf).filter((target) => target !== node);
    folders.set(node, [...folders.get(node) ?? [], ...others]);
  }
  return folders;
}

/** Returns a path through the graph that ends where it began, if there is one. */
function findCycle(graph: Graph): string[] | undefined {
  const clean = new Set<string>();

  function visit(file: string, path: string[]): string[] | undefined {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (clean.has(file)) return undefined;
    for (const target of graph.get(file) ?? []) {
      const cycle = visit(target, [...path, file]);
      if (cycle) return cycle;
    }
    clean.add(file);
    return undefined;
  }

  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

for (const folder of ["kernel", "server"]) {
  Deno.test(`${folder}/ has no import circles`, async () => {
    const graph = new Map(await importsWithin(folder));
    assert.equal(findCycle(graph)?.join(" -> "), undefined);
    assert.equal(findCycle(foldersOf(graph))?.join(" -> "), undefined);
    const targets = [...graph.values()].flat();
    assert(
      targets.includes("kernel/mod.ts") === (folder === "server"),
      "imports were not recognised",
    );
  });
}

Deno.test("every module of kernel/ has a layer", async () => {
  const names = LAYERS.flat();
  const folders = names.filter((name) => name.endsWith("/"));
  const unnamed = (await importsWithin("kernel")).map(([file]) => file).filter((file) =>
    !names.includes(file) && !folders.some((folder) => file.startsWith(folder))
  );
  assert.deepEqual(unnamed, []);
});

Deno.test("foldersOf() shows a circle that no two modules make", () => {
  const graph = new Map([
    ["kernel/a/one.ts", ["kernel/b/one.ts"]],
    ["kernel/b/two.ts", ["kernel/flat.ts"]],
    ["kernel/b/one.ts", []],
    ["kernel/flat.ts", ["kernel/a/two.ts"]],
    ["kernel/a/two.ts", []],
  ]);
  assert.equal(findCycle(graph), undefined);
  const circle = ["kernel/a", "kernel/b", "kernel/flat.ts", "kernel/a"];
  assert.deepEqual(findCycle(foldersOf(graph)), circle);
});

Deno.test("findCycle() names the way round when modules import each other", () => {
  const graph = new Map([["a", ["b"]], ["b", ["c", "d"]], ["c", []], ["d", ["b"]]]);
  assert.deepEqual(findCycle(graph), ["b", "d", "b"]);
});

Deno.test("findCycle() accepts two ways to one module", () => {
  assert.equal(findCycle(new Map([["a", ["b", "c"]], ["b", ["d"]], ["c", ["d"]]])), undefined);
});

Deno.test("relativeImport matches every import of a relative module", () => {
  const source = [
    `import { a } from "./a.ts";`,
    `import {\n  type B,\n  b,\n} from "../b.ts";`,
    `import "./c.ts";`,
    `export * from "./d.ts";`,
    `import type { E } from "./e.ts";`,
    `export type { F } from "./f.ts";`,
    `import { g } from "g";`,
    `export const h = "./h.ts";`,
  ].join("\n");
  const targets = Array.from(source.matchAll(relativeImport), ([, target]) => target);
  assert.deepEqual(targets, ["./a.ts", "../b.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts"]);
});
