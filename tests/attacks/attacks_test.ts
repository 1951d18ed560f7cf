import assert from "node:assert/strict";
import { hostAttacks } from "./cases/host.ts";
import { memoryAttacks } from "./cases/memory.ts";
import { mountAttacks } from "./cases/mounts.ts";
import { outputAttacks } from "./cases/output.ts";
import { runtimeAttacks } from "./cases/runtime.ts";
import { timeAttacks } from "./cases/time.ts";
import { Target } from "./runner.ts";

const attacks = Object.entries({
  host: hostAttacks,
  mounts: mountAttacks,
  runtime: runtimeAttacks,
  memory: memoryAttacks,
  time: timeAttacks,
  output: outputAttacks,
}).flatMap(([kind, cases]) =>
  cases.map((attack) => ({ ...attack, name: `${kind}: ${attack.name}` }))
);

for (const mode of ["process", "worker"]) {
  Deno.test(`a ${mode} kernel withstands`, async (t) => {
    await using target = await Target.start(mode);
    for (const attack of attacks) {
      const { name, notInWorker } = attack;
      const ignore = mode === "worker" && notInWorker !== undefined;
      await t.step({ name, ignore, fn: () => target.attack(attack) });
    }
    await t.step("all of it: another kernel starts", () => target.startsAnother());
  });
}

Deno.test("the attacks are many and each has a name of its own", () => {
  assert(attacks.length >= 80);
  assert.equal(new Set(attacks.map(({ name }) => name)).size, attacks.length);
});
