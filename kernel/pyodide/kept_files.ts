import { join } from "node:path";
import { writeWhole } from "../whole_file.ts";

/** The number of files of a kind that a directory keeps: the newest. */
const KEPT = 4;

/**
 * Writes a file into a directory, which is created if needed, and removes the oldest files whose names
 * match `kind`. Each version of the sources leaves a file behind; the most recent ones stay, because
 * another process may still use them.
 */
export async function keepFile(
  dir: string,
  name: string,
  content: Uint8Array,
  kind: RegExp,
): Promise<void> {
  await Deno.mkdir(dir, { recursive: true, mode: 0o700 });
  await writeWhole(join(dir, name), content, { mode: 0o600 });
  const files: { path: string; time: number }[] = [];
  for await (const entry of Deno.readDir(dir)) {
    if (!kind.test(entry.name)) continue;
    const path = join(dir, entry.name);
    const info = await Deno.stat(path).catch(() => undefined);
    if (info) files.push({ path, time: info.mtime?.getTime() ?? 0 });
  }
  files.sort((a, b) => b.time - a.time);
  for (const { path } of files.slice(KEPT)) await Deno.remove(path).catch(() => {});
}

/** Throws when files cannot be written to a directory. Call it before spending time on making one. */
export async function assertCanKeep(dir: string): Promise<void> {
  await Deno.mkdir(dir, { recursive: true, mode: 0o700 });
  await Deno.remove(await Deno.makeTempFile({ dir }));
}
