/** The libraries that draw outputs, by the script of each. They are loaded when an output first needs one. */
const SCRIPTS = {
  plotly: "/ui/renderers/plotly.js",
  vega: "/ui/renderers/vega.js",
  widgets: "/ui/renderers/widgets.js",
} as const;

/** The name of a library that draws outputs. */
export type LibraryName = keyof typeof SCRIPTS;

const loaded = new Map<LibraryName, Promise<string>>();

/** Returns the script of a library. */
export function libraryText(name: LibraryName): Promise<string> {
  const known = loaded.get(name);
  if (known) return known;
  const loading = load(SCRIPTS[name]);
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
