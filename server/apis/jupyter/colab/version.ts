/** The version of the package `jupyter_http_over_ws` whose protocol this server speaks. */
export const EXTENSION_VERSION = "0.0.8";

/** The form of its versions, such as `0.0.1a3`. */
const VERSION = /^(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:([ab])(\d{1,9}))?$/;

/** Tells whether a version is newer than the one that is spoken here; undefined when it is no version. */
export function isNewer(version: string): boolean | undefined {
  const wanted = parse(version);
  if (!wanted) return undefined;
  const present = parse(EXTENSION_VERSION)!;
  const index = wanted.findIndex((part, index) => part !== present[index]);
  return index !== -1 && wanted[index]! > present[index]!;
}

/** Returns the parts of a version in the order in which they count; `0.1b2` comes before `0.1`. */
function parse(version: string): number[] | undefined {
  const match = VERSION.exec(version);
  if (!match) return undefined;
  const [, major, minor, patch = "0", stage, number = "0"] = match;
  const rank = stage === undefined ? 2 : stage === "b" ? 1 : 0;
  return [Number(major), Number(minor), Number(patch), rank, Number(number)];
}
