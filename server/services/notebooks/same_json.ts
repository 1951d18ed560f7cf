/** True when two JSON values are the same, in whatever order the members of their objects are. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [membersOf(a), membersOf(b)];
  return left.length === right.length &&
    left.every(([name, value]) =>
      Object.hasOwn(b, name) && isSameJson(value, (b as Record<string, unknown>)[name])
    );
}

function membersOf(object: object): [string, unknown][] {
  return Object.entries(object).filter(([, value]) => value !== undefined);
}
