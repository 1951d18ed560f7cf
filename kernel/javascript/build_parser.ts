/** A step of `setup.sh`: copies the parser of cells to where kernels' processes load it, without npm. */
import { fileURLToPath } from "node:url";
import { writeChanged } from "../whole_file.ts";

const directory = new URL("../../dist/kernel/", import.meta.url);
const parser = fileURLToPath(import.meta.resolve("npm:acorn@8.19.0"));
await Deno.mkdir(directory, { recursive: true });
await writeChanged(
  fileURLToPath(new URL("acorn.mjs", directory)),
  await Deno.readFile(parser.replace(/acorn\.js$/, "acorn.mjs")),
);
