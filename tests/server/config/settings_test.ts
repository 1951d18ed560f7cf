import assert from "node:assert/strict";
import { SETTINGS_PAGE, settingsPage } from "../../../docs/make_settings.ts";

Deno.test("settingsPage() is what docs/settings.md says", async () => {
  assert.equal(await Deno.readTextFile(SETTINGS_PAGE), settingsPage(), "run: deno task docs");
});
