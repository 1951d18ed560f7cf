import assert from "node:assert/strict";
import { ClientSettings } from "../../../../server/apis/jupyter/client_settings.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

Deno.test("ClientSettings keeps what was changed for the next server", async () => {
  await using directory = await temporaryDirectory();
  const path = `${directory.path}/made`;
  const settings = new ClientSettings(path);
  assert.deepEqual(settings.get("notebook"), {});
  await Promise.all([
    settings.put("notebook", { a: { b: 1, c: [2] }, d: null }),
    settings.patch("notebook", { a: { b: null, e: { f: 3 } } }),
    settings.put("../tree", { g: 4 }),
  ]);
  const next = new ClientSettings(path);
  assert.deepEqual(next.get("notebook"), { a: { c: [2], e: { f: 3 } }, d: null });
  assert.deepEqual(next.get("../tree"), { g: 4 });
  assert.deepEqual(next.get("constructor"), {});
  assert.deepEqual([...Deno.readDirSync(path)].map(({ name }) => name), ["client-settings.json"]);
});

Deno.test("ClientSettings refuses more than it may keep, and what was kept stays", async () => {
  const settings = new ClientSettings(undefined);
  await settings.put("a", { kept: true });
  await assert.rejects(settings.put("b", { x: "x".repeat(1_000_000) }), { status: 413 });
  await assert.rejects(settings.patch("a", { x: "x".repeat(1_000_000) }), { status: 413 });
  assert.deepEqual([settings.get("a"), settings.get("b")], [{ kept: true }, {}]);
});

Deno.test("ClientSettings tells when a change cannot be kept", async () => {
  await using directory = await temporaryDirectory();
  const settings = new ClientSettings(directory.path);
  await settings.put("a", { kept: true });
  await Deno.remove(directory.path, { recursive: true });
  await assert.rejects(settings.put("a", { kept: false }), { code: "ENOENT" });
  assert.deepEqual(settings.get("a"), { kept: true });
  await Deno.mkdir(directory.path);
  await settings.put("a", { kept: "again" });
  assert.deepEqual(new ClientSettings(directory.path).get("a"), { kept: "again" });
});

for (const damaged of ["{", '{"a": 1}', "[]"]) {
  Deno.test(`ClientSettings begins anew when its file is damaged: ${damaged}`, async () => {
    await using directory = await temporaryDirectory({ "client-settings.json": damaged });
    const settings = new ClientSettings(directory.path);
    assert.deepEqual(settings.get("a"), {});
    await settings.patch("a", { b: 1 });
    assert.deepEqual(new ClientSettings(directory.path).get("a"), { b: 1 });
  });
}
