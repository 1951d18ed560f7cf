import { silentRequest } from "../cell.ts";
import { within } from "../deadline.ts";
import type { ProcessHostFactory } from "../engine.ts";
import type { KernelHost } from "../host.ts";
import { DEFAULT_LIMITS, engineLimits, type Limits } from "../limits/limits.ts";
import type { Mount } from "../mounts.ts";
import type { PackageBroker } from "../packages/request.ts";
import { workerPermissions } from "../permissions.ts";
import { LANGUAGE } from "./language.ts";
import { HOME } from "./pinned.ts";

/** Options for {@linkcode withHelper}. */
export interface HelperOptions {
  /** Names the helper where kernels have ids. */
  name: string;
  createHost: ProcessHostFactory;
  /** Ends the helper. */
  signal: AbortSignal;
  /** The time that each piece of its code may take, in milliseconds. */
  deadlineMs: number;
  /** The directories that it sees; each was made for it. @default none */
  mounts?: Mount[];
  /** Answers its requests for packages. @default it gets none */
  packages?: PackageBroker;
  /** @default the limits of kernels */
  limits?: Limits;
  /** Records what an image of it needs. @default false */
  recording?: boolean;
  /** The id of the image that it starts from. @default none */
  image?: string;
}

/** An interpreter in a process of its own that does a piece of work for all kernels. */
export interface Helper {
  readonly host: KernelHost;
  /** Runs code; throws when that raises, or takes too long. */
  run(code: string): Promise<void>;
  /** Returns what it has printed. */
  printed(): string;
}

/**
 * Starts a process kernel that has no rights but its mounts, and ends it when `body` is done. It reads what
 * strangers have written, so that nothing that it answers is to be believed.
 */
export async function withHelper<T>(
  options: HelperOptions,
  body: (helper: Helper) => Promise<T>,
): Promise<T> {
  const { name, createHost, signal, deadlineMs, mounts = [], packages, image } = options;
  const { limits = DEFAULT_LIMITS, recording = false } = options;
  signal.throwIfAborted();
  let printed = "";
  await using host = createHost({
    options: {
      language: LANGUAGE,
      mode: "process",
      mounts,
      permissions: workerPermissions({}, mounts),
      limits: engineLimits(limits),
      packages: [],
      allowEval: false,
      ownRoot: false, // Its mounts have no links: they were made for it.
      recording,
      ...(image !== undefined && { image }),
    },
    identity: { kernelId: name, env: {}, cwd: HOME },
    ...(packages && { packages }),
    onEvent(event) {
      if (event.type === "stream" && event.name === "stdout") printed += event.text;
    },
  });
  const stop = () => void host.terminate("the manager was closed");
  signal.addEventListener("abort", stop);
  try {
    await host.start();
    return await body({
      host,
      printed: () => printed,
      async run(code) {
        const reply = await within(deadlineMs, host.execute(silentRequest(name, code)));
        if (!reply) throw new Error(`it takes longer than ${deadlineMs / 1000} s`);
        if (reply.error) throw new Error(`${reply.error.ename}: ${reply.error.evalue}`);
      },
    });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
