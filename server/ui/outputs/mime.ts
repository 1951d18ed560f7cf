/** The MIME types that the page can show, the richest first. */
const ORDER = [
  "text/html",
  "text/markdown",
  "image/svg+xml",
  "text/latex",
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "application/json",
  "application/javascript",
  "text/plain",
] as const;

/** A MIME type that the page can show. */
export type ShownMime = typeof ORDER[number];

/** The MIME type of ipywidgets, which the page cannot show. */
const WIDGET = "application/vnd.jupyter.widget-view+json";

/** Returns the MIME types of a bundle that the page can show, the richest first. */
export function shownMimes(data: Record<string, unknown>): ShownMime[] {
  const present = ORDER.filter((mime) => data[mime] !== undefined);
  // The HTML of a widget is a placeholder for pages without a kernel; its text says more.
  return WIDGET in data ? present.filter((mime) => mime === "text/plain") : present;
}

/** Returns the MIME types of a bundle that the page cannot show. */
export function otherMimes(data: Record<string, unknown>): string[] {
  return Object.keys(data).filter((mime) => !(ORDER as readonly string[]).includes(mime));
}
