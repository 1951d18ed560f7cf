import assert from "node:assert/strict";
import { createKernel, createManager } from "../support/mod.ts";

Deno.test("createKernel() refuses packages for a language that has none", async () => {
  await using manager = createManager();
  await assert.rejects(manager.createKernel({ language: "echo", packages: ["six"] }), {
    code: "install_failed",
    message: /"echo" kernels have none/,
  });
  assert.deepEqual(manager.listKernels(), []);
});

Deno.test("installPackages() rejects for a language that has none, and the kernel lives", async () => {
  await using fixture = await createKernel({ language: "echo" });
  await assert.rejects(fixture.kernel.installPackages(["six"]), { code: "install_failed" });
  assert.equal((await fixture.kernel.execute("alive")).status, "ok");
});
