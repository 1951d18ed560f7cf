import { mergeText } from "./merge_text.ts";

/** A cell that can be merged. */
export interface MergedCell {
  id: string;
  source: string;
}

/**
 * Merges the cells of a notebook with those of the server, after this page was without it. `base` has the
 * texts that both had before, by id. The order is theirs. A cell that one has removed stays when the other
 * has changed it.
 */
export function mergeCells(
  base: Readonly<Record<string, string>>,
  mine: readonly MergedCell[],
  theirs: readonly MergedCell[],
): MergedCell[] {
  const own = new Map(mine.map((cell) => [cell.id, cell.source]));
  const merged: MergedCell[] = theirs.flatMap(({ id, source }) => {
    const before = base[id];
    const present = own.get(id);
    if (present !== undefined) return { id, source: mergeText(before ?? source, present, source) };
    return before === source ? [] : { id, source };
  });
  return withAdded(merged, mine, ({ id, source }) => base[id] !== source);
}

/**
 * Returns the list after a step that has led from one list to another, when somebody else has added and
 * removed items since.
 */
export function rebaseList<T>(from: readonly T[], to: readonly T[], present: readonly T[]): T[] {
  const before = new Set(from);
  const now = new Set(present);
  const kept = to.filter((item) => !before.has(item) || now.has(item));
  const ids = new Map([...present, ...kept].map((item, index) => [item, { id: `${index}`, item }]));
  const wrap = (items: readonly T[]) => items.map((item) => ids.get(item)!);
  return withAdded(wrap(kept), wrap(present), ({ item }) => !before.has(item)).map(({ item }) =>
    item
  );
}

/** Adds the items of another list that are missing and wanted, each after the one that it follows there. */
function withAdded<T extends { id: string }>(
  list: readonly T[],
  other: readonly T[],
  isWanted: (item: T) => boolean,
): T[] {
  const result = [...list];
  for (const [index, item] of other.entries()) {
    if (result.some(({ id }) => id === item.id) || !isWanted(item)) continue;
    const before = other.slice(0, index).findLast(({ id }) => result.some((it) => it.id === id));
    result.splice(before ? result.findIndex(({ id }) => id === before.id) + 1 : 0, 0, item);
  }
  return result;
}
