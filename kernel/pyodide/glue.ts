import type { CreatePyodideModule } from "./emscripten.ts";

/** The module with Pyodide's JavaScript, beside its WebAssembly. */
interface Glue {
  default: unknown;
  /** The id of the lean one. */
  id?: string;
}

/** The lean glue that set-up makes, or Pyodide's own where set-up has not been run. */
const glue: Glue = await import("../../dist/kernel/pyodide.asm.mjs").catch(() =>
  import("npm:pyodide@314.0.7/pyodide.asm.mjs")
);

/** Creates the Emscripten module. */
export const createPyodideModule = glue.default as CreatePyodideModule;

/** The name of Pyodide's own glue. */
export const STOCK_GLUE_ID = "stock";
/** Identifies the glue: a memory image can only be used with the glue that it was made with. */
export const GLUE_ID = glue.id ?? STOCK_GLUE_ID;
