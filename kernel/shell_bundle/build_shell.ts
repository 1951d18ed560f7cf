/** A step of `setup.sh`: bundles the shell into one script, which kernels load when they first need it. */
import { fileURLToPath } from "node:url";
import { writeChanged } from "../whole_file.ts";
import { patchShell } from "./patch_shell.ts";

const directory = new URL("../../dist/kernel/", import.meta.url);
const output = await new Deno.Command(Deno.execPath(), {
  args: [
    ...["bundle", "--platform=deno", "--format=cjs", "--minify", "--quiet"],
    fileURLToPath(new URL("./bundle_entry.ts", import.meta.url)),
  ],
  cwd: fileURLToPath(new URL("../../", import.meta.url)),
  stderr: "inherit",
}).output();
if (!output.success) throw new Error("Cannot bundle the shell");
await Deno.mkdir(directory, { recursive: true });
await writeChanged(
  fileURLToPath(new URL("shell.js", directory)),
  new TextEncoder().encode(patchShell(new TextDecoder().decode(output.stdout))),
);
