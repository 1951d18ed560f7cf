import type * as acorn from "npm:acorn@8.19.0";

/** The copy of the parser that set-up makes, or npm's own where set-up has not been run. */
const parser = await import("../../dist/kernel/acorn.mjs").catch(() =>
  import("npm:acorn@8.19.0")
) as typeof acorn;

/** The parser of the kernels of this thread. */
export const parse: typeof acorn.parse = parser.parse;
