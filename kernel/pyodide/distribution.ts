import { readFile } from "node:fs/promises";
import type { DistributionFacts } from "../packages/package_store.ts";
import { assetPath } from "./assets.ts";
import { ABI_VERSION } from "./boot.ts";
import { defaultCacheDir } from "./image_cache.ts";

const PYODIDE_VERSION = "314.0.7";
const PYTHON_MINOR = 14;

/** The distribution of packages that belongs to the pinned Pyodide: it says itself where that is. */
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
