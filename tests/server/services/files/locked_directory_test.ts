import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import {
  LockedDirectory,
  removeOld,
  removeUnlocked,
} from "../../../../server/services/files/locked_directory.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

const MODULE = new URL("../../../../server/services/files/locked_directory.ts", import.meta.url);

/** Starts a process that has a directory, which it makes before this resolves. */
async function startOwner(path: string): Promise<Deno.ChildProcess> {
  const code = `const { LockedDirectory } = await import(${JSON.stringify(MODULE.href)});
    await LockedDirectory.make(${JSON.stringify(path)});
    await Deno.writeTextFile(${JSON.stringify(`${path}/file`)}, "text");
    console.log("made");
    setInterval(() => {}, 1_000);`;
  const owner = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", code],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = owner.stdout.getReader();
  assert.match(new TextDecoder().decode((await reader.read()).value), /made/);
  await reader.cancel();
  return owner;
}

Deno.test("removeUnlocked() removes the directory of a process that was killed, and none of one that lives", async () => {
  await using parent = await temporaryDirectory();
  const at = (name: string) => `${parent.path}/${name}`;
  await using own = await LockedDirectory.make(at("a-own"), { mode: 0o711 });
  assert.equal((await Deno.stat(own.path)).mode! & 0o777, 0o711);
  await Deno.mkdir(at("a-without-lock"));
  const [killed, living] = await Promise.all([at("a-killed"), at("a-living")].map(startOwner));
  try {
    killed!.kill("SIGKILL");
    await killed!.status;
    await removeUnlocked(parent.path, "b-");
    assert(existsSync(at("a-killed")));
    await Promise.all([removeUnlocked(parent.path, "a-"), removeUnlocked(parent.path, "a-")]);
    const left = [...Deno.readDirSync(parent.path)].map(({ name }) => name).sort();
    assert.deepEqual(left, ["a-living", "a-living.lock", "a-own", "a-own.lock", "a-without-lock"]);
  } finally {
    living!.kill("SIGKILL");
    await living!.status;
  }
  await own[Symbol.asyncDispose]();
  assert(!existsSync(own.path) && !existsSync(`${own.path}.lock`));
  await removeUnlocked(at("nowhere"), "a-");
});

Deno.test("LockedDirectory.make() makes no directory that exists, and leaves no lock then", async () => {
  await using parent = await temporaryDirectory();
  const path = `${parent.path}/a`;
  await Deno.mkdir(path);
  await assert.rejects(LockedDirectory.make(path), Deno.errors.AlreadyExists);
  assert(existsSync(path) && !existsSync(`${path}.lock`));
});

Deno.test("removeUnlocked() follows no link out of the directory", async () => {
  await using parent = await temporaryDirectory();
  await Deno.mkdir(`${parent.path}/precious`);
  await Deno.symlink(`${parent.path}/precious`, `${parent.path}/a-link`);
  await Deno.writeTextFile(`${parent.path}/a-link.lock`, "");
  await Deno.symlink(`${parent.path}/precious`, `${parent.path}/a-other.lock`);
  await removeUnlocked(parent.path, "a-");
  assert(existsSync(`${parent.path}/precious`));
});

Deno.test("removeOld() removes directories of a name that nobody needs any more", async () => {
  await using parent = await temporaryDirectory();
  const old = new Date(Date.now() - 2 * 3_600_000);
  for (const name of ["a-old", "a-new", "b-old"]) {
    await Deno.mkdir(`${parent.path}/${name}`);
    if (name.endsWith("old")) await Deno.utime(`${parent.path}/${name}`, old, old);
  }
  await removeOld(parent.path, "a-", 3_600_000);
  const left = [...Deno.readDirSync(parent.path)].map(({ name }) => name).sort();
  assert.deepEqual(left, ["a-new", "b-old"]);
});
