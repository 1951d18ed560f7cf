import semver from "npm:semver@7.8.6";
import { z } from "npm:zod@4.6.7";
import { KernelError } from "../../errors.ts";

/** The names of packages that the registry has, with a scope or without. */
const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-zA-Z0-9~-][a-zA-Z0-9._~-]*$/;
const MAX_NAME = 214;
/** The most packages of one plan. */
const MAX_PACKAGES = 400;

const dependencies = z.record(z.string().max(MAX_NAME), z.string().max(512)).optional().catch({});

/** One version of a package, as the registry describes it. */
const version = z.object({
  dependencies,
  optionalDependencies: dependencies,
  peerDependencies: dependencies,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().optional() }))
    .optional().catch({}),
  hasInstallScript: z.boolean().optional(),
  scripts: z.record(z.string(), z.unknown()).optional().catch({}),
  dist: z.object({ tarball: z.string().max(2_048), integrity: z.string().max(1_024).optional() }),
});

/** The description of a package: its versions, and those that have a tag. */
export const packument = z.object({
  "dist-tags": z.record(z.string(), z.string()),
  versions: z.record(z.string(), z.unknown()),
});

/** The description of a package. */
export type Packument = z.infer<typeof packument>;

/** A package that a cell asks for. */
export interface NpmSpecifier {
  name: string;
  /** A range of versions, or a tag. */
  range: string;
  /** The path inside of the package, with a slash in front; empty for its main module. */
  path: string;
}

/** One package of a plan. */
export interface PlannedPackage {
  name: string;
  version: string;
  /** The packages that it imports: their versions, by the names that it imports them by. */
  dependencies: Record<string, { name: string; version: string }>;
  tarball: string;
  /** Hashes of the file, as the registry names them. */
  integrity: string;
}

/** The packages that one import needs, the one that was asked for first. */
export type NpmPlan = PlannedPackage[];

/**
 * Parses the name of a package with a range and a path: `lodash-es@4/debounce`.
 *
 * @throws {KernelError} `invalid_argument`.
 */
export function parseSpecifier(text: string): NpmSpecifier {
  const [, name = "", range = "latest", path = ""] =
    /^((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?(\/.*)?$/.exec(text.replace(/^\/+/, "")) ?? [];
  if (isPackageName(name)) return { name, range: decoded(range), path };
  throw new KernelError(
    "invalid_argument",
    `Cannot import "${text}": it is no name of a package; use NAME, NAME@RANGE or NAME@RANGE/PATH`,
  );
}

/** Decodes a range; one that is not encoded stays as it is, and then is no range. */
function decoded(range: string): string {
  try {
    return decodeURIComponent(range);
  } catch {
    return range;
  }
}

/** Returns true for a name that a package can have. */
function isPackageName(name: string): boolean {
  return name.length <= MAX_NAME && NAME.test(name);
}

/** The things that a plan is made with. */
export interface Planning {
  /** Gets the description of a package. */
  describe(name: string): Promise<Packument>;
  /** Throws for a package that kernels may not have. */
  assertAllowed(name: string): void;
}

/**
 * Chooses a version of a package and of everything that it needs, as few as the ranges allow.
 *
 * @throws {KernelError} `not_found` when there is no version in a range; `permission_denied` for a package that
 * kernels may not have, or that is not pure JavaScript.
 */
export async function makePlan(
  { name, range }: NpmSpecifier,
  planning: Planning,
): Promise<NpmPlan> {
  const chosen = new Map<string, PlannedPackage>();
  const add = async (wanted: string, wantedRange: string): Promise<PlannedPackage> => {
    const known = [...chosen.values()].find((it) =>
      it.name === wanted && semver.satisfies(it.version, wantedRange)
    );
    if (known) return known;
    planning.assertAllowed(wanted);
    const described = await planning.describe(wanted);
    const picked = pickVersion(wanted, wantedRange, described);
    const key = `${wanted}@${picked}`;
    const there = chosen.get(key);
    if (there) return there;
    if (chosen.size >= MAX_PACKAGES) {
      throw new KernelError(
        "limit_exceeded",
        `Cannot import "${name}": it needs more than ${MAX_PACKAGES} packages`,
      );
    }
    const facts = readVersion(wanted, picked, described);
    if (chosen.size === 0) assertPure(wanted, picked, facts);
    const planned: PlannedPackage = {
      name: wanted,
      version: picked,
      dependencies: {},
      tarball: facts.dist.tarball,
      integrity: strongIntegrity(key, facts.dist.integrity),
    };
    chosen.set(key, planned);
    for (const [alias, given] of Object.entries(neededBy(facts))) {
      const target = targetOf(alias, given, key);
      const { version } = await add(target.name, target.range);
      planned.dependencies[alias] = { name: target.name, version };
    }
    return planned;
  };
  await add(name, range);
  return [...chosen.values()];
}

type Version = z.infer<typeof version>;

function readVersion(name: string, picked: string, { versions }: Packument): Version {
  const parsed = version.safeParse(versions[picked]);
  if (!parsed.success) {
    throw new KernelError(
      "protocol_violation",
      `Cannot import "${name}": the registry's description of version ${picked} is damaged`,
    );
  }
  return parsed.data;
}

/**
 * Throws for a package that was asked for and has to be built when it is installed. Those that others need are
 * taken without their scripts, which often only print something.
 */
function assertPure(
  name: string,
  picked: string,
  { hasInstallScript, scripts = {} }: Version,
): void {
  const runs = ["preinstall", "install", "postinstall"].filter((it) => it in scripts);
  if (!hasInstallScript && runs.length === 0) return;
  throw new KernelError(
    "permission_denied",
    `Cannot import "${name}": version ${picked} runs scripts when it is installed, and kernels get packages ` +
      "of pure JavaScript only",
  );
}

function pickVersion(name: string, range: string, described: Packument): string {
  const { "dist-tags": tags, versions } = described;
  const tagged = Object.hasOwn(tags, range) ? tags[range] : undefined;
  const { latest } = tags;
  const picked = tagged ??
    (latest !== undefined && semver.satisfies(latest, range)
      ? latest
      : semver.maxSatisfying(Object.keys(versions), range));
  if (picked && Object.hasOwn(versions, picked)) return picked;
  throw new KernelError("not_found", `Cannot import "${name}": there is no version "${range}"`);
}

/** Returns the packages that a version cannot do without. */
function neededBy(facts: Version): Record<string, string> {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = facts;
  const { peerDependenciesMeta = {} } = facts;
  const peers = Object.entries(peerDependencies).filter(([name]) =>
    peerDependenciesMeta[name]?.optional !== true
  );
  const needed = Object.entries(dependencies).filter(([name]) => !(name in optionalDependencies));
  return Object.fromEntries([...peers, ...needed]);
}

function targetOf(alias: string, range: string, of: string): { name: string; range: string } {
  const [, other, otherRange] = /^npm:((?:@[^/@]+\/)?[^/@]+)@?(.*)$/.exec(range) ?? [];
  const target = other === undefined ? { name: alias, range } : { name: other, range: otherRange! };
  const isRange = semver.validRange(target.range) !== null || /^[a-z][\w.-]*$/i.test(target.range);
  if (isPackageName(alias) && isPackageName(target.name) && isRange) return target;
  throw new KernelError(
    "permission_denied",
    `Cannot import "${of}": its dependency "${alias}" is at "${range}", which is no version of the registry`,
  );
}

/** Returns the hashes of a file that are strong enough to tell that it is the right one. */
function strongIntegrity(key: string, integrity = ""): string {
  const strong = integrity.split(/\s+/).filter((it) => /^sha512-[A-Za-z0-9+/]{86}==$/.test(it));
  if (strong.length > 0) return strong.join(" ");
  throw new KernelError(
    "permission_denied",
    `Cannot import "${key}": the registry names no SHA-512 of its file`,
  );
}
