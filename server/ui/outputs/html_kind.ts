/**
 * Returns true if HTML needs a document of its own because it contains scripts, styles or elements that
 * the page removes. Other HTML, such as tables, is shown in the page, where it is cheap, has the page's
 * style and can be searched and selected across outputs.
 */
export function needsFrame(html: string): boolean {
  const withoutPandas = html.replace(PANDAS_STYLE, "");
  return /<(script|style|iframe|object|embed|form|input|button|select|textarea|canvas|video|audio|link|meta|body)\b/i
    .test(withoutPandas) || /\son[a-z]+\s*=/i.test(withoutPandas);
}

/** The style element that pandas puts before each table; the page styles tables itself. */
const PANDAS_STYLE = /<style scoped>\s*\.dataframe[\s\S]*?<\/style>/g;
