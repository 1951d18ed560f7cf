import { type JsonBounds, splitJsonObject } from "../../../kernel/mod.ts";

/** The bounds of requests and messages. */
export const REQUEST_BOUNDS: JsonBounds = { maxDepth: 128, maxNodes: 500_000 };
/** The bounds of notebooks and other stored documents. */
export const DOCUMENT_BOUNDS: JsonBounds = {
  maxDepth: 128,
  maxNodes: 4_000_000,
  maxContainers: 1_000_000,
};

/**
 * Parses a JSON text after checking its depth and its number of values: values take many times the memory
 * of their text, and nothing can stop `JSON.parse` once it has begun.
 *
 * @throws {SyntaxError} when the text is not JSON, or is beyond the bounds.
 */
export function parseJson(text: string, bounds: JsonBounds = REQUEST_BOUNDS): unknown {
  if (/^[ \t\n\r]*\{/.test(text)) splitJsonObject(text, bounds);
  else splitJsonObject(`{"":${text}}`, nested(bounds));
  return JSON.parse(text);
}

/** Returns the bounds of an object whose only member has the given bounds. */
function nested(bounds: JsonBounds): JsonBounds {
  return { ...bounds, maxDepth: bounds.maxDepth + 1, maxNodes: bounds.maxNodes + 2 };
}
