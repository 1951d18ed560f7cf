import { z } from "npm:zod@4.6.7";
import { within } from "../deadline.ts";
import type { ProcessHostFactory } from "../engine.ts";
import { DEFAULT_LIMITS } from "../limits/limits.ts";
import type { Mount } from "../mounts.ts";
import type { PackageBroker } from "../packages/request.ts";
import { withHelper } from "./helper_host.ts";

/** The time that each step of a build may take, in milliseconds. */
const DEADLINE_MS = 180_000;
const MOUNT_POINT = "/mnt/image";
/** The limits of a kernel whose packages become an image. */
const LIMITS = { ...DEFAULT_LIMITS, filesMiB: 1024 };

/** The packages that an image is made of. */
export interface ImageSet {
  /** The names of the packages to install, sorted. */
  packages: readonly string[];
  /** The modules to import. */
  modules: readonly string[];
}

/** The facts that a kernel tells of the packages in it; they are claims of these packages. */
const facts = z.object({
  /** The packages, and their versions. */
  packages: z.record(z.string().max(200), z.string().max(200)),
  /** The modules that are imported, without those below others. */
  modules: z.array(z.string().max(200)).max(5_000),
  /** The environment variables that their imports have read. */
  environ: z.array(z.string().max(1_000)).max(5_000),
});

/** The facts of an image's packages. */
export type ImageFacts = z.infer<typeof facts>;
/** The schema of {@linkcode ImageFacts}. */
export const imageFacts: z.ZodType<ImageFacts> = facts;

/** The parts of an engine that a build uses. */
export interface ImageBuilderInit {
  createHost: ProcessHostFactory;
  packages: PackageBroker;
  installCode: (requirements: readonly string[]) => string;
  /** Ends a build. */
  signal: AbortSignal;
}

/**
 * Installs and imports packages in a process kernel without rights, and has it saved into a directory. The
 * code of the packages runs in it: nothing that it writes is to be believed.
 */
export async function buildPackageImage(
  { packages: names, modules }: ImageSet,
  directory: string,
  init: ImageBuilderInit,
): Promise<ImageFacts> {
  const mounts: Mount[] = [{ root: directory, mountPoint: MOUNT_POINT, access: "rw" }];
  const options = { ...helperOptions(init), mounts, recording: true };
  return await withHelper(options, async ({ host, run, printed }) => {
    await run(init.installCode(names));
    await run(callOf("describe_warm_up", modules));
    const found = facts.parse(JSON.parse(printed()));
    const saved = host.call("saveImage", { directory: MOUNT_POINT });
    if (!await within(DEADLINE_MS, saved)) throw new Error("it was not saved in time");
    return found;
  });
}

/** Starts a kernel from an image, and runs in it what was run when the image was made; throws when that fails. */
export async function checkPackageImage(
  { modules }: ImageSet,
  image: string,
  init: ImageBuilderInit,
): Promise<void> {
  await withHelper({ ...helperOptions(init), image }, ({ run }) => run(warmUpCode(modules)));
}

/** Returns code that imports modules, and does a little with each. */
export function warmUpCode(modules: readonly string[]): string {
  return callOf("warm_up", modules);
}

/** Returns code that calls a function of `deno_kernel.entry.image`. */
function callOf(name: string, modules: readonly string[]): string {
  const json = JSON.stringify(JSON.stringify(modules));
  return `__import__("deno_kernel.entry.image").entry.image.${name}(${json})`;
}

function helperOptions({ createHost, packages, signal }: ImageBuilderInit) {
  return { name: "images", createHost, packages, signal, deadlineMs: DEADLINE_MS, limits: LIMITS };
}
