import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Static imports and re-exports of relative modules; those of types alone leave no trace at run time. */
const relativeImport = /^(?:import|export)(?! type\b)(?:[^"';]*from)?\s*"(\.[^"]+)"/gm;

/** Which modules each TypeScript file of a project folder imports, by project path. */
async function importsWithin(folder: string): Promise<[string, string[]][]> {
  const files = await readdir(join(root, folder), { recursive: true });
  const modules = files.filter((file) => file.endsWith(".ts")).map((file) => join(folder, file));
  return await Promise.all(modules.map(async (file): Promise<[string, string[]]> => {
    const source = await readFile(join(root, file), "utf8");
    const targets = source.matchAll(relativeImport);
    return [file, Array.from(targets, ([, target = ""]) => join(dirname(file), target))];
  }));
}

/** A path through the graph that ends where it began, if there is one. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
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

Deno.test("kernel/ and server/ have no import cycles", async () => {
  const graph = new Map([...await importsWithin("kernel"), ...await importsWithin("server")]);
  assert.equal(findCycle(graph)?.join(" -> "), undefined);
  assert(graph.get("server/repl.ts")?.includes("kernel/mod.ts"), "imports were not recognised");
});

Deno.test("findCycle() names the way round when modules import each other", () => {
  const graph = new Map([["a", ["b"]], ["b", ["c", "d"]], ["c", []], ["d", ["b"]]]);
  assert.deepEqual(findCycle(graph), ["b", "d", "b"]);
});

Deno.test("findCycle() accepts two ways to one module", () => {
  assert.equal(findCycle(new Map([["a", ["b", "c"]], ["b", ["d"]], ["c", ["d"]]])), undefined);
});

Deno.test("relativeImport matches what is loaded at run time", () => {
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
  assert.deepEqual(targets, ["./a.ts", "../b.ts", "./c.ts", "./d.ts"]);
});
