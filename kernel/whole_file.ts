/** Writes a file so that nobody can read half of it, even when this process is killed meanwhile. */
export async function writeWhole(
  path: string,
  content: Uint8Array,
  options?: Pick<Deno.WriteFileOptions, "mode">,
): Promise<void> {
  const draft = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeFile(draft, content, options);
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}

/**
 * Writes a file as {@linkcode writeWhole} does, unless it has that content already: its time then stays, by
 * which others know that it has not changed.
 */
export async function writeChanged(path: string, content: Uint8Array): Promise<void> {
  const kept = await Deno.readFile(path).catch(() => undefined);
  const same = kept?.length === content.length && kept.every((byte, at) => byte === content[at]);
  if (!same) await writeWhole(path, content);
}

/** Returns the SHA-256 of a content in hexadecimal digits, by which it is named. */
export async function sha256(content: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex();
}
