import { readDistribution } from "../pyodide/distribution.ts";
import { PackageStore, type PackageStoreOptions } from "./package_store.ts";

/** A store of the packages that fit the pinned Pyodide. */
export async function createPackageStore(options: PackageStoreOptions = {}): Promise<PackageStore> {
  return new PackageStore(options, await readDistribution());
}
