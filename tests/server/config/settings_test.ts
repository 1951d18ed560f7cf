import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { settingsTable } from "../../../server/config/settings.ts";

Deno.test("settingsTable() is in the README", async () => {
  const path = fileURLToPath(new URL("../../../README.md", import.meta.url));
  const readme = await Deno.readTextFile(path);
  assert(readme.includes(settingsTable()), "run: deno eval and copy the table into README.md");
});
