/** The longest HTML and SVG that is shown in the page, in characters. */
const MAX_INLINE = 1_000_000;

/**
 * Returns true if HTML needs a document of its own because it contains scripts, styles or elements that
 * the page removes, or because it could keep the page busy. Other HTML, such as tables, is shown in the
 * page, where it is cheap, has the page's style and can be searched and selected across outputs.
 */
export function needsFrame(html: string): boolean {
  if (html.length > MAX_INLINE) return true;
  const withoutPandas = html.replace(PANDAS_STYLE, "");
  return ACTIVE.test(withoutPandas) || /\son[a-z]+\s*=/i.test(withoutPandas) ||
    COSTLY.test(withoutPandas);
}

/**
 * Returns true if a drawing needs a document of its own, because it is long or because elements refer to
 * other elements: a few references that refer to each other multiply to any number of elements.
 */
export function svgNeedsFrame(svg: string): boolean {
  return svg.length > MAX_INLINE || REFERRING.test(svg) || COSTLY.test(svg);
}

const ACTIVE =
  /<(script|style|iframe|object|embed|form|input|button|select|textarea|canvas|video|audio|link|meta|body)\b/i;

/** Elements that draw other elements, or the same ones again. */
const REFERRING = /<(use|pattern|mask|marker|clipPath|filter)\b/i;

/** Style properties whose work for the browser does not show in the length of the text. */
const COSTLY = /\b(filter|mask|clip-path)\s*:/i;

/** The style element that pandas puts before each table; the page styles tables itself. */
const PANDAS_STYLE = /<style scoped>\s*\.dataframe[^<]*<\/style>/g;
