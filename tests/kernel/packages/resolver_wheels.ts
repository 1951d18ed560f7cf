import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readResolverLibraries } from "../../../kernel/packages/resolver_archive.ts";
import type { Wheel } from "../../support/distribution.ts";
import { pip } from "../../support/pip.ts";
import { keptDirectory } from "../../support/test_cache.ts";

const LIST = fileURLToPath(
  new URL("../../../pypi/deno_resolver/requirements.txt", import.meta.url),
);

/** The libraries that the resolver is made with, from the cache or by pip, which compares their hashes. */
export async function resolverWheels(): Promise<Wheel[]> {
  const directory = await keptDirectory("resolver", [LIST], async (directory, [list]) => {
    const options = ["--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"];
    await pip(["download", ...options, "--requirement", list!, "--dest", directory]);
  });
  const libraries = await readResolverLibraries();
  return await Promise.all(libraries.map(async ({ project, file }) => ({
    source: { name: project, version: file.split("-")[1]!, files: {} },
    fileName: file,
    bytes: await Deno.readFile(join(directory, file)),
  })));
}
