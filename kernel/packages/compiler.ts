import { join } from "node:path";
import { within } from "../deadline.ts";
import type { HostFactory } from "../host.ts";
import { DEFAULT_LIMITS } from "../limits/limits.ts";
import type { Mount } from "../mounts.ts";
import { workerPermissions } from "../permissions.ts";
import type { CompileWheel } from "./bytecode_cache.ts";

/** How long one wheel may take, in milliseconds. */
const DEADLINE_MS = 120_000;
const MOUNT_POINT = "/mnt/wheel";
const CODE = `__import__("deno_kernel.bytecode").bytecode.compile_wheel(
    "${MOUNT_POINT}/wheel.whl", "${MOUNT_POINT}/bytecode")`;

/**
 * Compiles wheels, each in an interpreter of its own that `createHost` makes: nothing of a wheel is run,
 * but what reads a stranger's sources should be able to harm nobody, and be ended whatever it does.
 */
export function createCompiler(createHost: HostFactory): CompileWheel {
  return async function compile(wheel, signal) {
    const root = await Deno.makeTempDir({ prefix: "deno-kernel-bytecode-" });
    try {
      await Deno.writeFile(join(root, "wheel.whl"), wheel);
      const mounts: Mount[] = [{ root, mountPoint: MOUNT_POINT, access: "rw" }];
      await using host = createHost({
        kernelId: "compiler",
        env: {},
        cwd: MOUNT_POINT,
        mounts,
        permissions: workerPermissions({}, mounts),
        limits: DEFAULT_LIMITS,
        onEvent: () => {},
      });
      const stop = () => void host.terminate("the manager was closed");
      signal.addEventListener("abort", stop);
      try {
        signal.throwIfAborted();
        await host.start();
        const reply = await within(DEADLINE_MS, host.execute(request));
        if (!reply) throw new Error(`it takes longer than ${DEADLINE_MS / 1000} s`);
        if (reply.error) throw new Error(`${reply.error.ename}: ${reply.error.evalue}`);
      } finally {
        signal.removeEventListener("abort", stop);
      }
      return await Deno.readFile(join(root, "bytecode"));
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  };
}

const request = {
  id: "compile",
  code: CODE,
  silent: true,
  storeHistory: false,
  userExpressions: {},
  allowStdin: false,
};
