/**
 * Whether HTML needs a document of its own: it has scripts or styles, or would be something else
 * after they were taken out. The rest (most of all tables) is shown in the page, where it costs
 * nothing, takes the page's style and can be searched and selected across outputs.
 */
export function needsFrame(html: string): boolean {
  const withoutPandas = html.replace(PANDAS_STYLE, "");
  return /<(script|style|iframe|object|embed|form|input|button|select|textarea|canvas|video|audio|link|meta|body)\b/i
    .test(withoutPandas) || /\son[a-z]+\s*=/i.test(withoutPandas);
}

/** What pandas puts before each table, which the page's own style covers. */
const PANDAS_STYLE = /<style scoped>\s*\.dataframe[\s\S]*?<\/style>/g;
