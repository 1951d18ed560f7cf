/** The formats that can be shown, the richest first. */
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

/** A format that can be shown. */
export type ShownMime = typeof ORDER[number];

/** Of these, `text/plain` says more to a reader than what cannot be shown here. */
const WIDGET = "application/vnd.jupyter.widget-view+json";

/** The formats of a bundle that can be shown, the richest first. */
export function shownMimes(data: Record<string, unknown>): ShownMime[] {
  const present = ORDER.filter((mime) => data[mime] !== undefined);
  // A widget's HTML, if any, is a stand-in for pages without a kernel.
  return WIDGET in data ? present.filter((mime) => mime === "text/plain") : present;
}

/** The formats of a bundle that cannot be shown here. */
export function otherMimes(data: Record<string, unknown>): string[] {
  return Object.keys(data).filter((mime) => !(ORDER as readonly string[]).includes(mime));
}
