import { join } from "node:path";
import { silentRequest } from "../cell.ts";
import { within } from "../deadline.ts";
import type { ProcessHostFactory } from "../engine.ts";
import { DEFAULT_LIMITS, engineLimits } from "../limits/limits.ts";
import type { Mount } from "../mounts.ts";
import type { CompileWheel } from "../packages/bytecode_cache.ts";
import { workerPermissions } from "../permissions.ts";
import { LANGUAGE } from "./language.ts";

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
      await using host = createHost({
        options: {
          language: LANGUAGE,
          mode: "process",
          mounts,
          permissions: workerPermissions({}, mounts),
          limits: engineLimits(DEFAULT_LIMITS),
          packages: [],
          allowEval: false,
          ownRoot: false, // Its mount has no links: it was made here.
        },
        identity: { kernelId: "compiler", env: {}, cwd: MOUNT_POINT },
        onEvent: () => {},
      });
      const stop = () => void host.terminate("the manager was closed");
      signal.addEventListener("abort", stop);
      try {
        signal.throwIfAborted();
        await host.start();
        const reply = await within(DEADLINE_MS, host.execute(silentRequest("compile", CODE)));
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
