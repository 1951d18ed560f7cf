/** The plain form of differences, which `diff` writes unless it is asked for another one. */

interface Change {
  /** The first line of the old file that differs, or the one behind which lines were added. */
  oldAt: number;
  newAt: number;
  removed: string[];
  added: string[];
}

/** Makes the plain form of the unified one. */
export function plainDifferences(unified: string): string {
  return changesOf(unified).map((change) => {
    const { oldAt, newAt, removed, added } = change;
    const kind = removed.length === 0 ? "a" : added.length === 0 ? "d" : "c";
    const head = `${rangeOf(oldAt, removed.length)}${kind}${rangeOf(newAt, added.length)}`;
    const between = kind === "c" ? ["---"] : [];
    return [
      head,
      ...removed.map((line) => `< ${line}`),
      ...between,
      ...added.map((line) => `> ${line}`),
    ].map((line) => `${line}\n`).join("");
  }).join("");
}

/** A range of lines that is empty is the line before it. */
function rangeOf(first: number, count: number): string {
  if (count === 0) return String(first - 1);
  return count === 1 ? String(first) : `${first},${first + count - 1}`;
}

function changesOf(unified: string): Change[] {
  const changes: Change[] = [];
  let [oldAt, newAt] = [0, 0];
  let change: Change | undefined;
  let inside = false;
  for (const line of unified.split("\n")) {
    const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (head) {
      // The first line of an empty side is the one before it.
      oldAt = Number(head[1]) + (head[2] === "0" ? 1 : 0);
      newAt = Number(head[3]) + (head[4] === "0" ? 1 : 0);
      change = undefined;
      inside = true;
    } else if (inside && line.startsWith("\\")) {
      const last = change?.added.length ? change.added : change?.removed;
      if (last) last[last.length - 1] += `\n${line}`;
    } else if (inside && (line.startsWith("-") || line.startsWith("+"))) {
      if (!change) changes.push(change = { oldAt, newAt, removed: [], added: [] });
      if (line.startsWith("-")) {
        change.removed.push(line.slice(1));
        oldAt++;
      } else {
        change.added.push(line.slice(1));
        newAt++;
      }
    } else if (inside) {
      change = undefined;
      oldAt++;
      newAt++;
    }
  }
  return changes;
}
