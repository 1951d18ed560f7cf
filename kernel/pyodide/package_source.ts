import type { PackageSource, ProcessHostFactory } from "../engine.ts";
import { createBroker } from "../packages/broker.ts";
import type { CompileWheel } from "../packages/bytecode_cache.ts";
import { PackageStore, type PackageStoreOptions } from "../packages/package_store.ts";
import { readDistribution } from "./distribution.ts";
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
  return new PackageStore(
    options,
    await readDistribution(),
    state === "granted" ? compile : undefined,
  );
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
