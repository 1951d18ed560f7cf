import { readFile } from "node:fs/promises";
import type { DistributionFacts } from "../packages/package_store.ts";
import { defaultCacheDir } from "../cache_directory.ts";
import { ABI_VERSION, assetPath, PYODIDE_VERSION, PYTHON_MINOR } from "./pinned.ts";

/** Finds the distribution of packages that belongs to the pinned Pyodide, whose own loader names its address. */
export async function readDistribution(): Promise<DistributionFacts> {
  const loader = await readFile(assetPath("pyodide.mjs"), "utf8");
  const found = /https:\/\/[^`"$]+\$\{\w+\}\/full\//.exec(loader)?.[0];
  if (found === undefined) throw new Error("Cannot find out where Pyodide's packages are");
  return {
    lockPath: assetPath("pyodide-lock.json"),
    baseUrl: found.replace(/\$\{\w+\}/, PYODIDE_VERSION),
    cacheDir: defaultCacheDir(),
    abiVersion: ABI_VERSION,
    pythonMinor: PYTHON_MINOR,
  };
}
