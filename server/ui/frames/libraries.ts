/**
 * The libraries that draw outputs: the script of each, and the names of the files by which HTML loads it
 * from elsewhere. A script is loaded when an output first needs it.
 */
const LIBRARIES = {
  plotly: {
    script: "/ui/renderers/plotly.js",
    files: /^plotly(-[\w.-]+)?(\.min)?\.js$/,
  },
  vega: {
    script: "/ui/renderers/vega.js",
    files: /^vega(-lite|-embed)?(@[\d.]+)?((\.min)?\.js)?$/,
  },
  bokeh: {
    script: "/ui/renderers/bokeh.js",
    files: /^bokeh(-(widgets|tables|gl|mathjax))?(-[\d.]+)?(\.min)?\.js$/,
  },
  leaflet: {
    script: "/ui/renderers/leaflet.js",
    files: /^leaflet(-src|\.awesome-markers|\.awesome\.rotate)?(\.min)?\.(js|css)$/,
  },
  jquery: {
    script: "/ui/renderers/jquery.js",
    files: /^jquery(-[\d.]+)?(\.slim)?(\.min)?\.js$/,
  },
  widgets: { script: "/ui/renderers/widgets.js", files: undefined },
} as const;

/** The name of a library that draws outputs. */
export type LibraryName = keyof typeof LIBRARIES;

const loaded = new Map<LibraryName, Promise<string>>();

/** Returns the library that an address of another host means; undefined if the page does not have it. */
export function libraryAt(address: string): LibraryName | undefined {
  const path = URL.parse(address, "https://localhost")?.pathname ?? "";
  const file = path.slice(path.lastIndexOf("/") + 1);
  const names = Object.keys(LIBRARIES) as LibraryName[];
  return names.find((name) => LIBRARIES[name].files?.test(file));
}

/** Returns the script of a library. */
export function libraryText(name: LibraryName): Promise<string> {
  const known = loaded.get(name);
  if (known) return known;
  const loading = load(LIBRARIES[name].script);
  loaded.set(name, loading);
  // The next output tries again.
  loading.catch(() => loaded.delete(name));
  return loading;
}

async function load(path: string): Promise<string> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} cannot be loaded`);
  return await response.text();
}
