/** The most characters of HTML that are searched. */
const MAX_SEARCHED = 500_000;

/** An element that loads a script, a style sheet or a document from another host. */
const LOADING =
  /<(?:script|link|iframe)\b[^>]{0,500}?\b(?:src|href)\s*=\s*["']?\s*((?:https?:)?\/\/[\w.-]{1,100}[^\s"'>]{0,500})/gi;

/**
 * Returns the addresses of other hosts from which HTML, and the documents in it, would load scripts and
 * styles, as they are written.
 */
export function externalAddresses(html: string): string[] {
  // Documents in attributes, such as those of maps, are escaped.
  const text = html.slice(0, MAX_SEARCHED)
    .replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"').replaceAll("&#34;", '"').replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
  return [...new Set(Array.from(text.matchAll(LOADING), ([, address]) => address!))];
}

/** Returns the hosts of addresses. */
export function hostsOf(addresses: readonly string[]): string[] {
  const hosts = addresses.flatMap((it) => URL.parse(it, "https://localhost")?.hostname ?? []);
  return [...new Set(hosts)];
}
