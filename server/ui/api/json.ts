/**
 * The deepest nesting of JSON from outside. Writing to the browser's database recurses into every
 * value, and fails on values that are nested some thousand levels deep.
 */
export const MAX_JSON_DEPTH = 256;

/** Takes the place of a value that is nested too deep. */
const CUT = "…";

/**
 * Parses JSON from the server or from a file. Values below {@linkcode MAX_JSON_DEPTH} levels are
 * replaced by "…".
 *
 * @throws {SyntaxError} if the text is not JSON.
 */
export function parseJson(text: string): unknown {
  const json: unknown = JSON.parse(text);
  cutBelow(json, MAX_JSON_DEPTH);
  return json;
}

/** Walks without recursion, because the value may be deeper than the stack. */
function cutBelow(root: unknown, depth: number): void {
  let level = [root].filter(isContainer);
  for (let left = depth; level.length > 0; left--) {
    const next: Container[] = [];
    for (const container of level) {
      for (const key in container) {
        const child = container[key];
        if (!isContainer(child)) continue;
        if (left > 1) next.push(child);
        else container[key] = CUT;
      }
    }
    level = next;
  }
}

type Container = Record<string, unknown>;

/** An array is a container whose keys are its indices. */
function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}
