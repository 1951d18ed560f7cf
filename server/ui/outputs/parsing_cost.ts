/** The deepest nesting of elements that is shown in the page: layout recurses into each. */
const MAX_DEPTH = 200;

/** The most elements that HTML may become. */
const MAX_ELEMENTS = 2_000_000;

/** Elements that have no content, and elements whose start tag ends the one before. */
const NOT_NESTING = new Set(
  ("area base br col embed hr img input link meta param source track wbr " +
    "li dt dd p option tr td th thead tbody tfoot colgroup rt rp").split(" "),
);

/**
 * Returns true if HTML is nested deep, or could become too many elements: a parser opens an inline
 * element that was not closed again in each block that follows, so that elements can be as many as the
 * tags times the depth. Takes time in proportion to the HTML.
 */
export function isCostlyToParse(html: string): boolean {
  let tags = 0;
  let depth = 0;
  let deepest = 0;
  for (const [, slash, name] of html.matchAll(/<(\/?)([a-z][^\s/>]*)/gi)) {
    tags++;
    if (NOT_NESTING.has(name!.toLowerCase())) continue;
    if (slash) depth = Math.max(0, depth - 1);
    else deepest = Math.max(deepest, ++depth);
  }
  return deepest > MAX_DEPTH || tags * deepest > MAX_ELEMENTS;
}
