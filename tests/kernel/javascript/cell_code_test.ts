import assert from "node:assert/strict";
import { Script } from "node:vm";
import { cellCode } from "../../../kernel/javascript/cell_code.ts";
import { HOOKS } from "../../../kernel/javascript/guards.ts";
import { parse } from "../../../kernel/javascript/own_parser.ts";

/** Executes cells one after the other, as a kernel does, and returns the value of the last one. */
async function run(...cells: string[]): Promise<unknown> {
  const globals = globalThis as unknown as Record<string, unknown>;
  globals[HOOKS.attention] = new Int32Array(1);
  globals[HOOKS.interrupt] = () => {};
  globals[HOOKS.wait] = (value: unknown) => value;
  globals[HOOKS.import] = (name: string) =>
    Promise.resolve({ default: name, join: () => "joined" });
  let value: unknown;
  for (const cell of cells) {
    const { code, waits } = cellCode(cell, parse);
    const result: unknown = new Script(code).runInThisContext();
    value = waits ? (await result as { value?: unknown } | undefined)?.value : result;
  }
  return value;
}

for (
  const [what, cells, expected] of [
    ["the last expression", ["1; 2"], 2],
    ["the last expression of a cell that waits", ["await 1; 2"], 2],
    ["a sequence in brackets", ["await (1, 2)"], 2],
    ["nothing for a declaration", ["let a1 = 1"], undefined],
    ["a variable of an earlier cell", ["const a2 = 1", "a2 + 1"], 2],
    ["a variable that was declared again", ["const a3 = 1", "const a3 = 2", "a3"], 2],
    ["undefined for a declaration without a value", ["let a4 = 1", "let a4", "a4"], undefined],
    ["a variable of a cell that waits", ["const a5 = await 3", "a5"], 3],
    ["parts of a pattern", ["const { a6, b: [c6] } = await { a6: 1, b: [2] }", "a6 + c6"], 3],
    ["a class", ["class A7 { f() { return 7 } }\n[1]", "new A7().f()"], 7],
    ["a class of a cell that waits", ["await 0; class A8 { static x = 8 }", "A8.x"], 8],
    ["a function", ["function f9() { return 9 }", "f9()"], 9],
    ["a function of a cell that waits", ["await 0; function f10() { return 10 }", "f10()"], 10],
    ["a variable of a loop", ["for (var i11 = 0; i11 < 3; i11++) await 0;", "i11"], 3],
    ["a variable of a block", ["await 0; if (true) var x12 = 12; else x12 = 0", "x12"], 12],
    ["a body of a loop without braces", ["let n13 = 0; for (const x of [1, 2]) n13 += x; n13"], 3],
    ["an arrow function with an object", ["(x => ({ x }))(5).x"], 5],
    ["an arrow function of a sequence", ["(x => (x, 6))(5)"], 6],
    ["a strict function", ["(function () { 'use strict'; return this })()"], undefined],
    ["a default import", ["import d17 from 'module'", "d17"], "module"],
    ["named and whole imports", [
      "import { join as j18 } from 'm'; import * as n18 from 'm'; j18() + n18.default",
    ], "joinedm"],
    ["a dynamic import", ["(await import('dynamic')).default"], "dynamic"],
    ["an exported constant", ["export const e20 = 20", "e20"], 20],
    [
      "a labelled loop",
      ["let n21 = 0; outer: for (;;) { for (;;) { n21++; break outer } } n21"],
      1,
    ],
    ["an asynchronous loop", ["let n22 = 0; for await (const x of [1, 2]) n22 += x; n22"], 3],
    ["a script with an interpreter's line", ["#!/usr/bin/env deno\n23"], 23],
    ["a comment at the end", ["await 24 // comment"], 24],
  ] as const
) {
  Deno.test(`cellCode() gives ${what}`, async () => {
    assert.equal(await run(...cells), expected);
  });
}

Deno.test("cellCode() keeps lines, and leads columns back to the cell", () => {
  const source = "await 0\nfor (;;) { boom() }";
  const { code, columnOf } = cellCode(source, parse);
  const line = code.split("\n")[1]!;
  assert.equal(columnOf(2, line.indexOf("boom") + 1), source.split("\n")[1]!.indexOf("boom") + 1);
  assert.equal(columnOf(2, 1), 1);
});

Deno.test("cellCode() throws when the syntax is wrong", () => {
  assert.throws(() => cellCode("let = = 3", parse), { name: "SyntaxError" });
});
