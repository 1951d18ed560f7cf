import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { SandboxHomes } from "../../../../server/services/sandboxes/homes.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

Deno.test("create() makes directories that others neither list nor enter, and disposal removes them", async () => {
  await using directory = await temporaryDirectory();
  const root = `${directory.path}/homes`;
  const homes = new SandboxHomes(root);
  assert(!existsSync(root));
  const [a, b] = await Promise.all([homes.create(), homes.create()]);
  assert.notEqual(a, b);
  assert.equal((await Deno.stat(root)).mode! & 0o777, 0o711);
  assert.equal((await Deno.stat(a)).mode! & 0o777, 0o700);
  await Deno.writeTextFile(`${a}/file`, "text");
  await homes.remove(a);
  await homes.remove(a);
  assert.deepEqual([existsSync(a), existsSync(b)], [false, true]);
  await homes[Symbol.asyncDispose]();
  await homes[Symbol.asyncDispose]();
  assert(!existsSync(root));
});

Deno.test("the disposal waits for removals that are under way, and later ones do nothing", async () => {
  await using directory = await temporaryDirectory();
  const homes = new SandboxHomes(`${directory.path}/homes`);
  const home = await homes.create();
  let isRemoved = false;
  const removal = homes.remove(home).then(() => isRemoved = true);
  await homes[Symbol.asyncDispose]();
  assert(isRemoved);
  await removal;
  await homes.remove(home);
});
