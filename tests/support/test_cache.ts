import { join } from "node:path";
import { sha256 } from "../../kernel/whole_file.ts";

/** Makes a directory from some lists; it is given the paths of the directory and of the lists. */
export type MakeDirectory = (directory: string, lists: string[]) => Promise<void>;

/** Returns the directory in the user's cache in which tests keep what they download. */
export function testCacheDir(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "/tmp", ".cache");
  return join(base, "deno-code-interpreter-tests");
}

/**
 * Returns a directory that is made once from some lists, and again when one of them has changed. `make`
 * fills it; nobody sees it before it is whole.
 */
export async function keptDirectory(
  name: string,
  lists: string[],
  make: MakeDirectory,
): Promise<string> {
  const texts = await Promise.all(lists.map((list) => Deno.readTextFile(list)));
  const version = await sha256(new TextEncoder().encode(texts.join("\n")));
  const directory = join(testCacheDir(), `${name}-${version.slice(0, 16)}`);
  if (await exists(directory)) return directory;
  const draft = `${directory}.${crypto.randomUUID()}.tmp`;
  await Deno.mkdir(draft, { recursive: true });
  try {
    await make(draft, lists);
    // Another process may have made the same directory meanwhile.
    await Deno.rename(draft, directory).catch(async (error) => {
      if (!await exists(directory)) throw error;
    });
  } finally {
    await Deno.remove(draft, { recursive: true }).catch(() => {});
  }
  return directory;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
