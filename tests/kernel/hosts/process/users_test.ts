import assert from "node:assert/strict";
import { KernelUsers } from "../../../../kernel/hosts/process/users.ts";

Deno.test("KernelUsers.take() gives each kernel another user until it is released", () => {
  const users = new KernelUsers();
  if (!users.available) return assert.equal(users.take(), undefined);
  const taken = Array.from({ length: 478 }, () => users.take()!);
  assert.equal(new Set(taken.map(({ uid }) => uid)).size, 478);
  assert.throws(() => users.take(), { code: "limit_exceeded" });
  users.release(taken[5]!);
  assert.deepEqual(users.take(), taken[5]);
});
