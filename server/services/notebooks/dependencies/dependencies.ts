import { type CellNames, cellNames } from "./cell_names.ts";

/** A code cell of a notebook. */
export interface AnalysedCell {
  id: string;
  source: string;
}

/** The dependencies of one cell. */
export interface CellDependencies extends CellNames {
  /** The cells that give this one its names, each with those names. */
  needs: Map<string, Set<string>>;
}

/** A name that several cells define; names that begin with "_" are of no interest. */
export interface Redefinition {
  name: string;
  cells: string[];
}

/** The dependencies between the cells of a notebook, by the cells' ids. */
export interface NotebookDependencies {
  cells: Map<string, CellDependencies>;
  redefinitions: Redefinition[];
  /** Cells that need each other, each with the others of its circle. */
  cycles: string[][];
  /** All cells, so that each comes after those that it needs and else in the notebook's order. */
  order: string[];
}

/**
 * Finds which cell gets its names from which. A name comes from the nearest cell above that defines it or
 * changes its object, as when the notebook is run from top to bottom; if there is none, from the nearest one
 * below. `known` keeps the names of sources from one call to the next.
 */
export function notebookDependencies(
  cells: readonly AnalysedCell[],
  known: Map<string, CellNames> = new Map(),
): NotebookDependencies {
  const names = cells.map(({ source }) => {
    const found = known.get(source) ?? cellNames(source);
    known.set(source, found);
    return found;
  });
  forget(known, cells);
  const writers = new Map<string, number[]>();
  for (const [index, { defines, mutates }] of names.entries()) {
    for (const name of new Set([...defines, ...mutates])) {
      writers.set(name, [...writers.get(name) ?? [], index]);
    }
  }
  const found = new Map<string, CellDependencies>();
  for (const [index, cell] of cells.entries()) {
    const needs = new Map<string, Set<string>>();
    for (const name of names[index]!.reads) {
      const writer = nearest(writers.get(name) ?? [], index);
      if (writer === undefined) continue;
      const id = cells[writer]!.id;
      needs.set(id, (needs.get(id) ?? new Set()).add(name));
    }
    found.set(cell.id, { ...names[index]!, needs });
  }
  return { cells: found, redefinitions: redefinitionsIn(found), ...ordered(found) };
}

/** Returns the last place above, or else the first one below. */
function nearest(places: readonly number[], index: number): number | undefined {
  return places.findLast((it) => it < index) ?? places.find((it) => it > index);
}

function redefinitionsIn(cells: NotebookDependencies["cells"]): Redefinition[] {
  const definers = new Map<string, string[]>();
  for (const [id, { defines }] of cells) {
    for (const name of defines) {
      if (!name.startsWith("_")) definers.set(name, [...definers.get(name) ?? [], id]);
    }
  }
  return [...definers].filter(([, ids]) => ids.length > 1).map(([name, cells]) => ({
    name,
    cells,
  }));
}

/** Tarjan's algorithm, without recursion: a notebook may be one long chain. */
function ordered(
  cells: NotebookDependencies["cells"],
): Pick<NotebookDependencies, "cycles" | "order"> {
  const cycles: string[][] = [];
  const order: string[] = [];
  const indices = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const place = new Map([...cells.keys()].map((id, index) => [id, index]));
  const needsOf = (id: string) =>
    [...cells.get(id)!.needs.keys()].sort((a, b) => place.get(a)! - place.get(b)!);
  const enter = (id: string) => {
    indices.set(id, indices.size);
    low.set(id, indices.get(id)!);
    stack.push(id);
    onStack.add(id);
    return { id, left: needsOf(id) };
  };
  for (const start of cells.keys()) {
    if (indices.has(start)) continue;
    const walk = [enter(start)];
    for (let at = walk.at(-1); at; at = walk.at(-1)) {
      const next = at.left.shift();
      if (next !== undefined) {
        if (!indices.has(next)) walk.push(enter(next));
        else if (onStack.has(next)) low.set(at.id, Math.min(low.get(at.id)!, indices.get(next)!));
        continue;
      }
      walk.pop();
      const above = walk.at(-1);
      if (above) low.set(above.id, Math.min(low.get(above.id)!, low.get(at.id)!));
      if (low.get(at.id) !== indices.get(at.id)) continue;
      const circle = stack.splice(stack.indexOf(at.id));
      for (const id of circle) onStack.delete(id);
      circle.sort((a, b) => place.get(a)! - place.get(b)!);
      order.push(...circle);
      if (circle.length > 1) cycles.push(circle);
    }
  }
  return { cycles, order };
}

/** Forgets the names of sources that no cell has any more. */
function forget(known: Map<string, CellNames>, cells: readonly AnalysedCell[]): void {
  if (known.size <= 2 * cells.length + 16) return;
  const sources = new Set(cells.map(({ source }) => source));
  for (const source of known.keys()) if (!sources.has(source)) known.delete(source);
}
