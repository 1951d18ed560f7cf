/** The time that npm has to print its configuration, in milliseconds. */
const NPM_MS = 20_000;

/**
 * Finds the registry of packages that npm on this machine uses: by its variable, or as npm itself says after it
 * has read its configuration files. The address may contain credentials. Undefined when there is none.
 */
export async function findNpmRegistry(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const given = env["npm_config_registry"] || env["NPM_CONFIG_REGISTRY"];
  if (given) return given;
  try {
    const { success, stdout } = await new Deno.Command("npm", {
      args: ["config", "get", "registry"],
      stdin: "null",
      stderr: "null",
      signal: AbortSignal.timeout(NPM_MS),
    }).output();
    const answer = new TextDecoder().decode(stdout).trim();
    return success && /^https?:/.test(answer) ? answer : undefined;
  } catch {
    return undefined; // There is no npm, or this server may not run it.
  }
}
