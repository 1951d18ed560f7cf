import { join } from "node:path";

/** The directory of what is made once for all kernels; undefined when this process has no home. */
export function defaultCacheDir(): string | undefined {
  const base = Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "", ".cache");
  return base.startsWith("/") ? join(base, "deno-code-interpreter") : undefined;
}
