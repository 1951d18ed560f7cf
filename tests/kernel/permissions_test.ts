import assert from "node:assert/strict";
import { assertWithinCeiling, workerPermissions } from "../../kernel/permissions.ts";
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

Deno.test("assertWithinCeiling() accepts what the ceiling covers", () => {
  const ceiling = {
    read: ["/data", "/srv/a"],
    net: ["example.com", "[::1]:80"],
    env: true,
    run: [],
  };
  assertWithinCeiling({}, ceiling);
  assertWithinCeiling({ read: false, run: [], ffi: [] }, ceiling);
  assertWithinCeiling({ read: ["/data", "/data/x/y", "/srv/a/../a/b"] }, ceiling);
  assertWithinCeiling({ net: ["example.com", "example.com:443", "[::1]:80"] }, ceiling);
  assertWithinCeiling({ env: ["HOME"] }, ceiling);
  assertWithinCeiling({ env: true }, ceiling);
});

Deno.test("assertWithinCeiling() refuses what goes beyond the ceiling", () => {
  const ceiling = { read: ["/data"], net: ["example.com:443"], env: ["HOME"] };
  for (
    const asked of [
      { read: true },
      { read: ["/database"] },
      { read: ["/data/../etc"] },
      { read: ["/data", "/etc"] },
      { write: ["/data"] },
      { net: ["example.com"] },
      { net: ["example.com:80"] },
      { net: ["sub.example.com:443"] },
      { env: ["PATH"] },
      { run: true },
    ]
  ) {
    assert.throws(
      () => assertWithinCeiling(asked, ceiling),
      { code: "permission_denied" },
      JSON.stringify(asked),
    );
  }
  assert.throws(() => assertWithinCeiling({ read: ["/etc"] }, ceiling), {
    message: "Cannot create kernel: deno.permissions.read: [/etc] is more than may be granted " +
      "here ([/data])",
  });
});
