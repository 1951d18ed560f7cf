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

/** Returns the SHA-256 of a content in hexadecimal digits, by which it is named. */
export async function sha256(content: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex();
}
