import * as pep440 from "npm:@renovatebot/pep440@5.0.1";
import { unzipSync } from "npm:fflate@0.8.3";
import { join } from "node:path";
import { messageOf } from "../errors.ts";
import { sha256 } from "../whole_file.ts";
import type { LockedPackage } from "./lock_file.ts";
import { canonicalName } from "./project_name.ts";
import { markerEnvironment, requiredNames } from "./requirement_markers.ts";
import { assertRunsHere, parseWheelName, type WheelPlatform } from "./wheel_name.ts";

/** A wheel of a directory, described as a package of a distribution. */
export interface DirectoryWheel extends LockedPackage {
  /** Those of `depends` that other platforms or versions of Python do without. */
  conditional: ReadonlySet<string>;
}

/**
 * Describes the wheels in a directory as packages of a distribution, the newest of each project first. Wheels
 * that cannot be used are left out and reported to `onProblem`.
 */
export async function readWheelDirectory(
  directory: string,
  platform: WheelPlatform,
  onProblem: (text: string) => void,
): Promise<DirectoryWheel[]> {
  const found: DirectoryWheel[] = [];
  for await (const { name: file } of Deno.readDir(directory)) {
    if (!file.endsWith(".whl")) continue;
    try {
      assertRunsHere(file, platform);
      found.push(await describeWheel(join(directory, file), file, platform));
    } catch (error) {
      onProblem(`Leaving out the wheel "${file}": ${messageOf(error)}`);
    }
  }
  return found.sort((a, b) =>
    pep440.rcompare(a.version, b.version) || (a.file_name < b.file_name ? -1 : 1)
  );
}

/**
 * Adds the wheels of a directory to the packages of a distribution. They are preferred to those, of which
 * none is lost: a further version of a package has the key `NAME==VERSION`.
 */
export function withWheels(
  packages: Record<string, LockedPackage>,
  wheels: readonly DirectoryWheel[],
): Record<string, LockedPackage> {
  const merged: Record<string, LockedPackage> = {};
  const further: Record<string, LockedPackage> = {};
  const names = new Set(wheels.map(({ name }) => canonicalName(name)));
  const all: (readonly [string, LockedPackage])[] = [
    ...wheels.map(({ conditional, ...wheel }) => {
      const key = canonicalName(wheel.name);
      // The distribution knows which of its packages work without what their metadata names.
      const known = Object.hasOwn(packages, key) ? packages[key]!.depends : undefined;
      const depends = wheel.depends.filter((it) =>
        !known || !conditional.has(it) || names.has(it) || known.includes(it)
      );
      return [key, { ...wheel, depends }] as const;
    }),
    ...Object.entries(packages),
  ];
  for (const [key, found] of all) {
    if (!Object.hasOwn(merged, key)) merged[key] = found;
    else if (found.version !== merged[key]!.version) {
      // An import does not ask for a version, and gets the preferred one.
      further[`${key}==${found.version}`] ??= { ...found, imports: [] };
    }
  }
  return { ...merged, ...further };
}

async function describeWheel(
  path: string,
  file: string,
  platform: WheelPlatform,
): Promise<DirectoryWheel> {
  const bytes = await Deno.readFile(path);
  const { name, version } = parseWheelName(file);
  if (!pep440.valid(version)) throw new Error(`"${version}" is no version of PEP 440`);
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
  const required = requiredNames(metadata, markerEnvironment(platform));
  return {
    name,
    version,
    file_name: path,
    install_dir: "site",
    sha256: await sha256(bytes),
    package_type: "package",
    imports: [...new Set(names.map(moduleOf).filter((it) => it !== undefined))],
    depends: required.map((it) => it.name),
    conditional: new Set(required.filter((it) => it.conditional).map((it) => it.name)),
  };
}

/** Returns the top-level module that a file of a wheel belongs to; undefined for other files. */
function moduleOf(path: string): string | undefined {
  const [top = "", ...below] = path.split("/");
  if (/\.(dist-info|data)$/.test(top)) return undefined;
  const name = below.length > 0 ? top : /^([^.]+)(\.[^/]*)?\.(py|so)$/.exec(top)?.[1];
  return name && /^[\w]+$/.test(name) ? name : undefined;
}
