import { unzipSync } from "npm:fflate@0.8.3";
import { join } from "node:path";
import { messageOf } from "../errors.ts";
import { sha256 } from "../whole_file.ts";
import type { LockedPackage } from "./lock_file.ts";
import { canonicalName } from "./project_name.ts";
import { assertRunsHere, parseWheelName, type WheelPlatform } from "./wheel_name.ts";

/**
 * Describes the wheels in a directory as packages of a distribution; of several files of a project the
 * last one by name counts. Wheels that cannot be used are left out and reported to `onProblem`.
 */
export async function readWheelDirectory(
  directory: string,
  platform: WheelPlatform,
  onProblem: (text: string) => void,
): Promise<Record<string, LockedPackage>> {
  const packages: Record<string, LockedPackage> = {};
  const names: string[] = [];
  for await (const { name } of Deno.readDir(directory)) {
    if (name.endsWith(".whl")) names.push(name);
  }
  for (const file of names.sort()) {
    try {
      assertRunsHere(file, platform);
      const found = await describeWheel(join(directory, file), file);
      packages[canonicalName(found.name)] = found;
    } catch (error) {
      onProblem(`Leaving out the wheel "${file}": ${messageOf(error)}`);
    }
  }
  return packages;
}

async function describeWheel(path: string, file: string): Promise<LockedPackage> {
  const bytes = await Deno.readFile(path);
  const { name, version } = parseWheelName(file);
  const names: string[] = [];
  let metadata = "";
  const found = unzipSync(bytes, {
    filter(entry) {
      names.push(entry.name);
      return /^[^/]+\.dist-info\/METADATA$/.test(entry.name);
    },
  });
  for (const content of Object.values(found)) metadata = new TextDecoder().decode(content);
  if (!metadata) throw new Error("it has no METADATA");
  return {
    name,
    version,
    file_name: path,
    install_dir: "site",
    sha256: await sha256(bytes),
    package_type: "package",
    imports: [...new Set(names.map(moduleOf).filter((it) => it !== undefined))],
    depends: requirementsOf(metadata),
  };
}

/** Returns the top-level module that a file of a wheel belongs to; undefined for other files. */
function moduleOf(path: string): string | undefined {
  const [top = "", ...below] = path.split("/");
  if (/\.(dist-info|data)$/.test(top)) return undefined;
  const name = below.length > 0 ? top : /^([^.]+)(\.[^/]*)?\.(py|so)$/.exec(top)?.[1];
  return name && /^[\w]+$/.test(name) ? name : undefined;
}

/** Returns the names of the requirements without a condition; versions are not considered. */
function requirementsOf(metadata: string): string[] {
  const header = metadata.split(/\r?\n\r?\n/)[0]!;
  return [...header.matchAll(/^Requires-Dist:\s*([A-Za-z0-9._-]+)([^\r\n]*)$/gm)]
    .filter(([, , rest]) => !rest!.includes(";"))
    .map(([, name]) => canonicalName(name!));
}
