import type { WidgetState } from "./messages.ts";

/** The form in which the state of a widget refers to another one. */
const REFERENCE = "IPY_MODEL_";

/** The longest chain of values in values that is searched for references. */
const MAX_DEPTH = 10;

/** Returns the ids of the widgets that a value refers to. */
function referencesIn(value: unknown, depth = 0): string[] {
  if (typeof value === "string") {
    return value.startsWith(REFERENCE) ? [value.slice(REFERENCE.length)] : [];
  }
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return [];
  if (ArrayBuffer.isView(value)) return [];
  return Object.values(value).flatMap((part) => referencesIn(part, depth + 1));
}

/**
 * Returns the ids of the widgets that are needed to show one: those that it refers to, by way of others too,
 * and the links that connect any of these, with the widgets at their other ends.
 */
export function neededFor(id: string, models: ReadonlyMap<string, WidgetState>): Set<string> {
  const links = [...models].filter(([, { state }]) =>
    /^(Directional)?LinkModel$/.test(String(state["_model_name"]))
  );
  const needed = new Set<string>();
  const waiting = [id];
  while (waiting.length > 0) {
    const next = waiting.pop()!;
    const model = models.get(next);
    if (!model || needed.has(next)) continue;
    needed.add(next);
    waiting.push(...referencesIn(model.state));
    if (waiting.length > 0) continue;
    for (const [link, { state }] of links) {
      if (referencesIn(state).some((end) => needed.has(end))) waiting.push(link);
    }
  }
  return needed;
}
