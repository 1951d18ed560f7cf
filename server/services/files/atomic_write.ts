import { rename, rm, writeFile } from "node:fs/promises";

/** Writes a file as a whole: a reader sees the former content or the new one, and no part of either. */
export async function writeAtomically(file: string, content: string | Uint8Array): Promise<void> {
  const draft = `${file}.${crypto.randomUUID()}.tmp`;
  try {
    await writeFile(draft, content);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
