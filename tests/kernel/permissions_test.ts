import assert from "node:assert/strict";
import { workerPermissions } from "../../kernel/permissions.ts";
import { NOTHING_GRANTED } from "../support/mod.ts";

Deno.test("workerPermissions() spells out that nothing is granted when nothing was asked for", () => {
  assert.deepEqual(workerPermissions({}, []), NOTHING_GRANTED);
  assert.deepEqual(workerPermissions({ read: [] }, []), NOTHING_GRANTED);
});

Deno.test("workerPermissions() grants what mounts need beside what was asked for", () => {
  const mounts = [
    { root: "/ro", mountPoint: "/a", access: "ro" },
    { root: "/rw", mountPoint: "/b", access: "rw" },
  ] as const;
  assert.deepEqual(workerPermissions({ read: ["/asked", "/ro"], net: ["host:1"] }, mounts), {
    ...NOTHING_GRANTED,
    read: ["/asked", "/ro", "/rw"],
    write: ["/rw"],
    net: ["host:1"],
  });
  assert.deepEqual(workerPermissions({ read: true, write: false }, mounts), {
    ...NOTHING_GRANTED,
    read: true,
    write: ["/rw"],
  });
});
