import { join } from "node:path";

/**
 * Removes all but the newest of the files of a directory whose names match. Every version of what they
 * are made from leaves some, and another process may still use a recent one.
 */
export async function forgetOld(dir: string, name: RegExp, kept: number): Promise<void> {
  const files: { path: string; time: number }[] = [];
  for await (const entry of Deno.readDir(dir)) {
    if (!name.test(entry.name)) continue;
    const path = join(dir, entry.name);
    const info = await Deno.stat(path).catch(() => undefined);
    if (info) files.push({ path, time: info.mtime?.getTime() ?? 0 });
  }
  files.sort((a, b) => b.time - a.time);
  for (const { path } of files.slice(kept)) await Deno.remove(path).catch(() => {});
}
