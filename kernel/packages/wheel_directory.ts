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

const MAX_METADATA_BYTES = 8 * 2 ** 20;

/** A description of a file, as long as the file is the same. */
interface Described {
  modified: number;
  size: number;
  /** Undefined for a file that cannot be used. */
  wheel: DirectoryWheel | undefined;
}

/** A directory of wheels, which may be added and replaced at any time. */
export class WheelDirectory {
  readonly #path: string;
  readonly #platform: WheelPlatform;
  readonly #onProblem: (text: string) => void;
  #described = new Map<string, Described>();
  #wheels: DirectoryWheel[] = [];
  #reading: Promise<DirectoryWheel[]> | undefined;

  /** Wheels that cannot be used are reported to `onProblem`, each of them once. */
  constructor(path: string, platform: WheelPlatform, onProblem: (text: string) => void) {
    this.#path = path;
    this.#platform = platform;
    this.#onProblem = onProblem;
  }

  /**
   * Describes the wheels as packages of a distribution, the newest of each project first. Only files that
   * are new or have changed are read; when there are none, the answer is the same array as before.
   */
  read(): Promise<DirectoryWheel[]> {
    return this.#reading ??= this.#read().finally(() => this.#reading = undefined);
  }

  async #read(): Promise<DirectoryWheel[]> {
    const described = new Map<string, Described>();
    for await (const { name } of Deno.readDir(this.#path)) {
      if (!name.endsWith(".whl")) continue;
      const info = await Deno.stat(join(this.#path, name)).catch(() => undefined);
      if (!info) continue; // It was removed meanwhile.
      const [modified, size] = [info.mtime?.getTime() ?? 0, info.size];
      const before = this.#described.get(name);
      const isSame = before?.modified === modified && before.size === size;
      described.set(name, isSame ? before : { modified, size, wheel: await this.#describe(name) });
    }
    const isChanged = described.size !== this.#described.size ||
      [...described].some(([name, it]) => this.#described.get(name) !== it);
    if (isChanged) {
      this.#described = described;
      this.#wheels = [...described.values()].flatMap(({ wheel }) => wheel ?? []).sort((a, b) =>
        pep440.rcompare(a.version, b.version) || (a.file_name < b.file_name ? -1 : 1)
      );
    }
    return this.#wheels;
  }

  async #describe(file: string): Promise<DirectoryWheel | undefined> {
    try {
      assertRunsHere(file, this.#platform);
      return await describeWheel(join(this.#path, file), file, this.#platform);
    } catch (error) {
      this.#onProblem(`Leaving out the wheel "${file}": ${messageOf(error)}`);
      return undefined;
    }
  }
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
      const isMetadata = /^[^/]+\.dist-info\/METADATA$/.test(entry.name);
      return isMetadata && entry.originalSize <= MAX_METADATA_BYTES;
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
