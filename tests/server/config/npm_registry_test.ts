import assert from "node:assert/strict";
import { findNpmRegistry } from "../../../server/config/npm_registry.ts";

Deno.test("findNpmRegistry() prefers the variable of npm", async () => {
  const url = "https://packages.example.com/npm/";
  assert.equal(await findNpmRegistry({ npm_config_registry: url }), url);
  assert.equal(await findNpmRegistry({ NPM_CONFIG_REGISTRY: url }), url);
});
