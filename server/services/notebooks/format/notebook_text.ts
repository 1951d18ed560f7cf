/** The most that indentation may add to a notebook, as a multiple of its length without. */
const MAX_GROWTH = 8;

/**
 * Returns a notebook as the text that is kept: indented, as Jupyter writes it, so that versions can be
 * compared by line. Deep nesting would make indentation a multiple of the content; it is left out then.
 */
export function notebookText(notebook: unknown): string {
  const compact = JSON.stringify(notebook);
  const indented = compact.length + indentation(notebook, 0) <= compact.length * MAX_GROWTH;
  return `${indented ? JSON.stringify(notebook, null, 1) : compact}\n`;
}

/** Returns the number of characters that indentation by one space adds to a value at a depth. */
function indentation(value: unknown, depth: number): number {
  if (typeof value !== "object" || value === null) return 0;
  const values = Object.values(value);
  if (values.length === 0) return 0;
  // Each value has a line of its own, and a closing bracket has one; a space follows each colon.
  const ownPerValue = depth + 2 + (Array.isArray(value) ? 0 : 1);
  const own = values.length * ownPerValue + depth + 1;
  return values.reduce<number>((sum, it) => sum + indentation(it, depth + 1), own);
}
