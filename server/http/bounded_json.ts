/** The bounds of a JSON text. */
export interface JsonBounds {
  /** The most arrays and objects inside each other. */
  depth: number;
  /** The most values, those in arrays and objects included. */
  nodes: number;
}

/** The bounds of requests and messages. */
export const REQUEST_BOUNDS: JsonBounds = { depth: 128, nodes: 200_000 };
/** The bounds of notebooks and other documents that are kept. */
export const DOCUMENT_BOUNDS: JsonBounds = { depth: 128, nodes: 2_000_000 };

/** Reports a JSON text that is beyond its bounds. */
export class JsonBoundsError extends Error {
  override readonly name = "JsonBoundsError";
}

/**
 * Parses a JSON text whose depth and number of values are looked at first: a value takes many times the
 * memory of its text, and nothing can stop a parser that has begun.
 *
 * @throws {JsonBoundsError} when the text is beyond the bounds.
 * @throws {SyntaxError} when the text is not JSON.
 */
export function parseJson(text: string, bounds: JsonBounds = REQUEST_BOUNDS): unknown {
  checkBounds(text, bounds);
  return JSON.parse(text);
}

function checkBounds(text: string, { depth: maxDepth, nodes: maxNodes }: JsonBounds): void {
  let depth = 0;
  let nodes = 1;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        nodes++;
        if (++depth > maxDepth) {
          throw new JsonBoundsError(`it is nested deeper than ${maxDepth} arrays and objects`);
        }
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        depth--;
        break;
      case COMMA:
        nodes++;
    }
    if (nodes > maxNodes) throw new JsonBoundsError(`it has more than ${maxNodes} values`);
  }
}

/** Returns the place of the quote that ends a string, or the text's end. */
function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
