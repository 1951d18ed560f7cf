import type { RuntimeAssets } from "../pyodide/assets.ts";
import type { PythonSeed } from "../pyodide/seed.ts";

/** The things that a bash kernel starts from. */
export interface BashAssets {
  /** The shell's code. */
  shell: string;
  /** The files that Python starts from, when it is first used. */
  python: RuntimeAssets | PythonSeed;
}
