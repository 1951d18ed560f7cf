import assert from "node:assert/strict";
import { GLUE_ID } from "../../../kernel/pyodide/glue.ts";
import type { ImageRecord } from "../../../kernel/pyodide/package_image.ts";
import { parseImageRecord } from "../../../kernel/pyodide/package_image_schema.ts";

const SIZES = { pages: 3 * 4096, contents: 100 };

function record(): ImageRecord {
  return {
    byteLength: 65_536,
    runs: [0, 1, 4, 2],
    references: { hiwireKeys: [null, { serialized: { named: "emit" } }], immortalKeys: ["then"] },
    glueId: GLUE_ID,
    links: {
      libraries: [{
        path: "/lib/a.so",
        handles: [16],
        global: false,
        memoryBase: 4096,
        memorySize: 16,
        tableBase: 10,
        tableSize: 1,
        needs: [],
      }],
      symbols: [["PyFloat_Type", 4096]],
      slots: [[11, -1, "malloc"], [12, 0, "run"]],
      table: { from: 10, to: 13 },
      free: [],
    },
    tree: {
      m: 0o040755,
      t: 0,
      c: {
        lib: { m: 0o040755, t: 1.5, c: { "a.so": { m: 0o100644, t: 0, s: 60, o: 40 } } },
        link: { m: 0o120777, t: 0, l: "/lib" },
      },
    },
    streams: [{ descriptor: 3, path: "/lib/a.so", flags: 0, position: 5 }],
    loadedPackages: { a: "default channel" },
    monotonicMs: 12.5,
  };
}

Deno.test("parseImageRecord() returns the record of a sound image", () => {
  assert.deepEqual(parseImageRecord(JSON.stringify(record()), SIZES), record());
});

const FORGERIES: Record<string, (it: ImageRecord) => void> = {
  "a way to an object of JavaScript": (it) =>
    it.references.hiwireKeys.push({ path: ["Deno", "readTextFileSync"] }),
  "a name that the runtime does not give": (it) =>
    it.references.hiwireKeys.push({ serialized: { named: "constructor" } }),
  "another description of an object": (it) => it.references.hiwireKeys.push({ serialized: 1 }),
  "another glue": (it) => it.glueId = "other",
  "pages beyond its memory": (it) => it.runs[2] = 1_000,
  "pages that overlap": (it) => it.runs[2] = 0,
  "fewer pages than were written": (it) => it.runs.splice(2),
  "half of a run": (it) => void it.runs.push(9),
  "a memory of half a page": (it) => it.byteLength = 65_537,
  "a function outside of its table": (it) => it.links.slots[0]![0] = 13,
  "a function of a library that there is not": (it) => it.links.slots[0]![1] = 1,
  "a table without an end": (it) => it.links.table.to = 2 ** 32,
  "a library without a file": (it) => it.links.libraries[0]!.path = "/lib/b.so",
  "a library that needs itself": (it) => it.links.libraries[0]!.needs = [0],
  "a file beyond its contents": (it) => it.tree.c!["lib"]!.c!["a.so"]!.o = 41,
  "a file that is a device": (it) => it.tree.c!["lib"]!.c!["a.so"]!.m = 0o020644,
  "a name with a slash": (it) => it.tree.c!["a/b"] = { m: 0o100644, t: 0, s: 0, o: 0 },
  "the name ..": (it) => it.tree.c![".."] = { m: 0o100644, t: 0, s: 0, o: 0 },
  "an unknown field": (it) => Object.assign(it, { script: "1" }),
  "a standard stream": (it) => it.streams[0]!.descriptor = 1,
};

for (const [what, forge] of Object.entries(FORGERIES)) {
  Deno.test(`parseImageRecord() refuses ${what}`, () => {
    const forged = record();
    forge(forged);
    assert.throws(() => parseImageRecord(JSON.stringify(forged), SIZES));
  });
}

Deno.test("parseImageRecord() refuses a tree that is too deep, and what is no JSON", () => {
  const deep = '{"m":16877,"t":0,"c":{"a":'.repeat(20_000) + "null" + "}}".repeat(20_000);
  const text = JSON.stringify({ ...record(), tree: "TREE" }).replace('"TREE"', () => deep);
  assert.throws(() => parseImageRecord(text, SIZES));
  assert.throws(() => parseImageRecord("{", SIZES));
});
