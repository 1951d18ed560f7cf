/** Makes the JavaScript half of Pyodide that kernels start with: part of set-up. */
import { assetPath } from "./assets.ts";
import { leanGlue } from "./lean_glue.ts";

const directory = new URL("../../dist/kernel/", import.meta.url);
const lean = leanGlue(await Deno.readTextFile(assetPath("pyodide.asm.mjs")));
const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lean));
const id = new Uint8Array(digest).toHex().slice(0, 16);
await Deno.mkdir(directory, { recursive: true });
// Another set-up may be running, or a server: nobody must see half of it.
const draft = new URL(`glue.${crypto.randomUUID()}.tmp`, directory);
await Deno.writeTextFile(draft, `${lean}\nexport const id = "${id}";\n`);
await Deno.rename(draft, new URL("glue.mjs", directory));
