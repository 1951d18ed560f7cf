/** The most characters of HTML that are searched. */
const MAX_SEARCHED = 500_000;

/** An element that loads a script, a style sheet or a document from another host. */
const LOADING =
  /<(?:script|link|iframe)\b[^>]{0,500}?\b(?:src|href)\s*=\s*["']?\s*(?:https?:)?\/\/([\w.-]{1,100})/gi;

/** Returns the hosts from which HTML, and the documents in it, would load scripts and styles: none can be reached. */
export function externalHosts(html: string): string[] {
  // Documents in attributes, such as those of maps, are escaped.
  const text = html.slice(0, MAX_SEARCHED)
    .replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"').replaceAll("&#34;", '"').replaceAll("&#39;", "'");
  return [...new Set(Array.from(text.matchAll(LOADING), ([, host]) => host!.toLowerCase()))];
}
