/** The texts of the permissions of files. */

const ALL_BITS = 0o7777;
/** The bits of a class's permissions, for one class. */
const BITS: Readonly<Record<string, number>> = { r: 4, w: 2, x: 1 };
/** The places of the classes' permissions in a mode. */
const SHIFTS: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

/**
 * Returns a mode that is written as a number in base 8, or as changes of another mode, such as `u=rwx,go-w`;
 * undefined when the text is neither.
 */
export function readMode(text: string, mode: number): number | undefined {
  if (/^[0-7]{1,5}$/.test(text)) return Number.parseInt(text, 8) & ALL_BITS;
  let changed = mode;
  for (const clause of text.split(",")) {
    const [, classes, changes] = /^([ugoa]*)((?:[-+=][rwx]*)+)$/.exec(clause) ?? [];
    if (changes === undefined) return undefined;
    const names = !classes || classes.includes("a") ? "ugo" : classes;
    for (const [, sign, letters] of changes.matchAll(/([-+=])([rwx]*)/g)) {
      const bits = Array.from(letters!).reduce((sum, it) => sum | BITS[it]!, 0);
      for (const name of names) {
        const shift = SHIFTS[name]!;
        if (sign === "=") changed &= ~(7 << shift);
        if (sign === "-") changed &= ~(bits << shift);
        else changed |= bits << shift;
      }
    }
  }
  return changed;
}

/** Returns the permissions of a mode by class: `u=rwx,g=rx,o=rx`. */
export function symbolicMode(mode: number): string {
  return Object.entries(SHIFTS).map(([name, shift]) =>
    `${name}=${Object.entries(BITS).map(([it, bit]) => mode >> shift & bit ? it : "").join("")}`
  ).join(",");
}
