import { readDistribution } from "../pyodide/distribution.ts";
import type { CompileWheel } from "./bytecode_cache.ts";
import { PackageStore, type PackageStoreOptions } from "./package_store.ts";

/**
 * A store of the packages that fit the pinned Pyodide. Its wheels are compiled by `compile`, or not at all
 * where this process may not start others.
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
