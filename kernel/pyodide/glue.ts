import type { CreatePyodideModule } from "./emscripten.ts";

/** Pyodide's JavaScript half. */
interface Glue {
  default: unknown;
  /** The id of the lean one. */
  id?: string;
}

/** The lean glue that set-up makes, or Pyodide's own where set-up has not been run. */
const glue: Glue = await import("../../dist/kernel/glue.mjs").catch(() =>
  import("npm:pyodide@314.0.7/pyodide.asm.mjs")
);

/** Makes the Emscripten module. */
export const createPyodideModule = glue.default as CreatePyodideModule;

/** Names the glue: a memory image fits the one that it was made with. */
export const GLUE_ID = glue.id ?? "stock";
