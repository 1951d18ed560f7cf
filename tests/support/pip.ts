/** Runs pip of the system's Python. Throws an error with the output of pip when it fails. */
export async function pip(args: string[], env: Record<string, string> = {}): Promise<void> {
  const { success, stderr } = await new Deno.Command("python3", {
    args: ["-m", "pip", ...args],
    env: { PIP_DISABLE_PIP_VERSION_CHECK: "1", ...env },
  }).output();
  if (!success) throw new Error(`pip failed: ${new TextDecoder().decode(stderr)}`);
}
