import { join } from "node:path";
import type { ProcessHostFactory } from "../engine.ts";
import type { Mount } from "../mounts.ts";
import type { CompileWheel } from "../packages/bytecode_cache.ts";
import { withHelper } from "./helper_host.ts";

/** The time that one wheel may take, in milliseconds. */
const DEADLINE_MS = 120_000;
const MOUNT_POINT = "/mnt/wheel";
const CODE = `__import__("deno_kernel.packages.bytecode").packages.bytecode.compile_wheel(
    "${MOUNT_POINT}/wheel.whl", "${MOUNT_POINT}/bytecode")`;

/**
 * Makes a function that compiles wheels, each in an interpreter of its own. No code of a wheel is
 * executed, but an interpreter that reads untrusted sources must not harm the host and must be easy to
 * end, so each interpreter runs in a process.
 */
export function createWheelCompiler(createHost: ProcessHostFactory): CompileWheel {
  return async function compile(wheel, signal) {
    const root = await Deno.makeTempDir({ prefix: "deno-kernel-bytecode-" });
    try {
      await Deno.writeFile(join(root, "wheel.whl"), wheel);
      const mounts: Mount[] = [{ root, mountPoint: MOUNT_POINT, access: "rw" }];
      await withHelper(
        { name: "compiler", createHost, signal, deadlineMs: DEADLINE_MS, mounts },
        ({ run }) => run(CODE),
      );
      return await Deno.readFile(join(root, "bytecode"));
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  };
}
