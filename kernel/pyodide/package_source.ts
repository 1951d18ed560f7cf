import type { PackageSource, ProcessHostFactory } from "../engine.ts";
import { createBroker } from "../packages/broker.ts";
import type { CompileWheel } from "../packages/bytecode_cache.ts";
import type { MakePlan } from "../packages/plan_cache.ts";
import { messageOf } from "../errors.ts";
import { parseServerAddress } from "../packages/server_address.ts";
import {
  PackageStore,
  type PackageStoreOptions,
  type PinnedWheel,
} from "../packages/package_store.ts";
import { readDistribution } from "./distribution.ts";
import { KernelImages, type KernelImagesOptions } from "./package_images.ts";
import { createPlanner } from "./planner.ts";
import { createWheelCompiler } from "./wheel_compiler.ts";

/** The work of a store that helpers do in other processes; it is not done where this process may start none. */
export interface StoreHelpers {
  /** Compiles wheels. @default wheels are not compiled */
  compile?: CompileWheel;
  /** Makes plans of installations. @default plans are not kept */
  makePlan?: MakePlan;
  /** Returns milliseconds since 1970. @default the machine's time */
  now?: () => number;
}

/** Makes a store of the packages that fit the pinned Pyodide. */
export async function createPackageStore(
  options: PackageStoreOptions = {},
  { compile, makePlan, now }: StoreHelpers = {},
): Promise<PackageStore> {
  const { state } = await Deno.permissions.query({ name: "run" });
  const { findIndex, ...given } = options;
  const foundIndex = given.indexUrl === undefined ? usable(await findIndex?.()) : undefined;
  return new PackageStore(given, await readDistribution(), {
    foundIndex,
    ...(state === "granted" && { compile, makePlan }),
    ...(now && { now }),
  });
}

/**
 * Fetches a wheel for the program itself from the sources of kernels' packages, and keeps it where they are kept.
 * `onDownload` is called if it was not kept before.
 *
 * @throws {KernelError} `not_found` when no source has it, `protocol_violation` when it has another hash.
 */
export async function fetchWheel(
  options: PackageStoreOptions,
  wheel: PinnedWheel,
  onDownload?: () => void,
): Promise<Uint8Array<ArrayBuffer>> {
  await using store = await createPackageStore(options);
  return await store.wheel(wheel, onDownload);
}

/** Returns the address of an index that was found, if it can be used as it is. */
function usable(found: string | undefined): string | undefined {
  try {
    if (found !== undefined) parseServerAddress(found, "the index of pip or uv");
    return found;
  } catch (error) {
    console.warn(`${messageOf(error)}; set PACKAGE_INDEX_URL`);
    return undefined;
  }
}

/** Opens a source of Python packages; its store is made when a kernel first asks for something. */
export function openPackageSource(
  options: PackageStoreOptions,
  createHost: ProcessHostFactory,
): PackageSource {
  let store: Promise<PackageStore> | undefined;
  const broker = createBroker(() =>
    store ??= createPackageStore(options, {
      compile: createWheelCompiler(createHost),
      makePlan: createPlanner(createHost, broker),
    })
  );
  return {
    broker,
    async [Symbol.asyncDispose]() {
      const opened = await store?.catch(() => undefined);
      await opened?.[Symbol.asyncDispose]();
    },
  };
}

/** Adds images of installed packages to a source. */
export function withImages(
  source: PackageSource,
  options: Omit<KernelImagesOptions, "broker">,
): PackageSource {
  const images = new KernelImages({ ...options, broker: source.broker });
  return {
    broker: images.broker,
    images,
    async [Symbol.asyncDispose]() {
      await images[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    },
  };
}
