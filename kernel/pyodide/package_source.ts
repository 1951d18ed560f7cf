import type { PackageSource, ProcessHostFactory } from "../engine.ts";
import { createBroker } from "../packages/broker.ts";
import type { CompileWheel } from "../packages/bytecode_cache.ts";
import { messageOf } from "../errors.ts";
import { parseServerAddress } from "../packages/server_address.ts";
import { PackageStore, type PackageStoreOptions } from "../packages/package_store.ts";
import { readDistribution } from "./distribution.ts";
import { KernelImages, type KernelImagesOptions } from "./package_images.ts";
import { createWheelCompiler } from "./wheel_compiler.ts";

/**
 * Makes a store of the packages that fit the pinned Pyodide. `compile` compiles its wheels; it is not
 * used where this process may not start others.
 */
export async function createPackageStore(
  options: PackageStoreOptions = {},
  compile?: CompileWheel,
): Promise<PackageStore> {
  const { state } = await Deno.permissions.query({ name: "run" });
  const { findIndex, ...given } = options;
  const foundIndex = given.indexUrl === undefined ? usable(await findIndex?.()) : undefined;
  return new PackageStore(given, await readDistribution(), {
    foundIndex,
    compile: state === "granted" ? compile : undefined,
  });
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
  const compile = createWheelCompiler(createHost);
  return {
    broker: createBroker(() => store ??= createPackageStore(options, compile)),
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
