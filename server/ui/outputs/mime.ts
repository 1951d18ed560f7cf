/** The MIME types that a library draws. */
const DRAWN = [
  "application/vnd.plotly.v1+json",
  "application/vnd.vegalite.v6+json",
  "application/vnd.vegalite.v5+json",
  "application/vnd.vegalite.v4+json",
  "application/vnd.vega.v6+json",
  "application/vnd.vega.v5+json",
  "application/vnd.vega.v4+json",
] as const;

/** A MIME type that a library draws. */
export type DrawnMime = typeof DRAWN[number];

/** The MIME type of Bokeh's figures; the script that draws one is in the same bundle. */
export const BOKEH = "application/vnd.bokehjs_exec.v0+json";

/** The MIME type by which Bokeh asks for BokehJS, which the page has. */
export const BOKEH_LOAD = "application/vnd.bokehjs_load.v0+json";

/** The MIME types that the page can show, the richest first. */
const ORDER = [
  ...DRAWN,
  BOKEH,
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

/** The MIME type of ipywidgets. */
export const WIDGET = "application/vnd.jupyter.widget-view+json";

/** True for a MIME type that a library draws. */
export function isDrawn(mime: ShownMime): mime is DrawnMime {
  return (DRAWN as readonly string[]).includes(mime);
}

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
