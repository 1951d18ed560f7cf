/** A step of `setup.sh`: writes the versions of Pyodide's JavaScript and WebAssembly that kernels start with. */
import { fileURLToPath } from "node:url";
import { sha256, writeChanged } from "../whole_file.ts";
import { leanGlue } from "./lean_glue.ts";
import { assetPath } from "./pinned.ts";
import { askForSignalsAlways } from "./wasm_signals.ts";
import { countNesting } from "./wasm_stack.ts";

const directory = new URL("../../dist/kernel/", import.meta.url);
const lean = leanGlue(await Deno.readTextFile(assetPath("pyodide.asm.mjs")));
const encoder = new TextEncoder();
const id = (await sha256(encoder.encode(lean))).slice(0, 16);
await Deno.mkdir(directory, { recursive: true });
// Another set-up or a server may run at the same time, and must never read half a file.
// Pyodide recognises its own frames of a traceback by this name, and leaves them out.
const path = fileURLToPath(new URL("pyodide.asm.mjs", directory));
await writeChanged(path, encoder.encode(`${lean}\nexport const id = "${id}";\n`));
await writeChanged(
  fileURLToPath(new URL("pyodide.asm.wasm", directory)),
  askForSignalsAlways(countNesting(await Deno.readFile(assetPath("pyodide.asm.wasm")))),
);
