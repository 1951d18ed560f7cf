import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readResolverLibraries } from "../../../kernel/packages/resolver_archive.ts";
import type { Wheel } from "../../support/distribution.ts";

const PROJECT = fileURLToPath(new URL("../../../pypi/deno_resolver", import.meta.url));

/** The libraries that the resolver is made with, from the cache or by pip, which compares their hashes. */
export async function resolverWheels(): Promise<Wheel[]> {
  const base = Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "/tmp", ".cache");
  const directory = join(base, "deno-resolver-tests");
  await Deno.mkdir(directory, { recursive: true });
  const options = "--quiet --no-deps --require-hashes --only-binary=:all: --requirement";
  const { success, stderr } = await new Deno.Command("python3", {
    args: ["-m", "pip", "download", ...options.split(" "), "requirements.txt"].concat(
      ["--find-links", directory, "--dest", directory],
    ),
    cwd: PROJECT,
  }).output();
  if (!success) throw new Error(`pip failed: ${new TextDecoder().decode(stderr)}`);
  const libraries = await readResolverLibraries();
  return await Promise.all(libraries.map(async ({ project, file }) => ({
    source: { name: project, version: file.split("-")[1]!, files: {} },
    fileName: file,
    bytes: await Deno.readFile(join(directory, file)),
  })));
}
