/**
 * Bundles the web notebook into `dist/ui/`, unless what is there was made from the same sources.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL(".", import.meta.url));
const project = fileURLToPath(new URL("../..", import.meta.url));
const target = join(project, "dist", "ui");

/** The scripts by their entry modules. */
const SCRIPTS = [["main.js", "main.tsx"], [
  "markup_worker.js",
  "outputs/markup_worker.ts",
]] as const;

/** The style sheets, in the order of the cascade: a later one overrides an earlier one. */
const STYLES = [
  "style/theme.css",
  "style/page.css",
  "style/dialogs.css",
  "style/notebook.css",
  "style/search.css",
  "outputs/outputs.css",
  "tables/tables.css",
  "panels/panels.css",
];

/** Files that are served as they are written. */
const COPIED = ["index.html", "frame.html", "favicon.svg"];

/** Builds the page if its sources have changed; returns true if it was built. */
async function build(): Promise<boolean> {
  const stamp = await fingerprint();
  if (await Deno.readTextFile(join(target, "stamp")).catch(() => "") === stamp) return false;
  // The bundle is made in a new directory: a server may be serving the old one.
  const made = `${target}.${crypto.randomUUID()}`;
  await Deno.mkdir(made, { recursive: true });
  try {
    for (const [name, entry] of SCRIPTS) await bundleScript(entry, join(made, name));
    const styles = await Promise.all(STYLES.map((name) => Deno.readTextFile(join(source, name))));
    await Deno.writeTextFile(join(made, "main.css"), styles.join("\n"));
    for (const name of COPIED) await Deno.copyFile(join(source, name), join(made, name));
    await copyKatex(made);
    await copyRenderers(made);
    await bundleWidgets(made);
    await Deno.writeTextFile(join(made, "stamp"), stamp);
    await Deno.remove(target, { recursive: true }).catch(() => {});
    await Deno.rename(made, target);
  } catch (error) {
    await Deno.remove(made, { recursive: true }).catch(() => {});
    throw error;
  }
  return true;
}

async function bundleScript(entry: string, output: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--platform=browser", "--minify", "--quiet", "-o", output, entry],
    cwd: source,
    stdout: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/**
 * Copies the style sheet of KaTeX and its fonts in WOFF2, the format that every current browser
 * loads.
 */
async function copyKatex(made: string): Promise<void> {
  const katex = dirname(createRequire(import.meta.url).resolve("katex/package.json"));
  await Deno.copyFile(join(katex, "dist/katex.min.css"), join(made, "katex.css"));
  await Deno.mkdir(join(made, "fonts"));
  for await (const { name } of Deno.readDir(join(katex, "dist/fonts"))) {
    if (!name.endsWith(".woff2")) continue;
    await Deno.copyFile(join(katex, "dist/fonts", name), join(made, "fonts", name));
  }
}

/** The libraries that draw outputs: the scripts that each is made of, in their order. */
const RENDERERS = {
  "plotly.js": ["plotly.js-dist-min/plotly.min.js"],
  "vega.js": [
    "vega/build/vega.min.js",
    "vega-lite/build/vega-lite.min.js",
    "vega-embed/build/vega-embed.min.js",
  ],
  "bokeh.js": ["", "-gl", "-widgets", "-tables", "-mathjax"].map((part) =>
    `@bokeh/bokehjs/build/js/bokeh${part}.min.js`
  ),
  "jquery.js": ["jquery/dist/jquery.min.js"],
  "leaflet.js": [
    "leaflet/dist/leaflet.js",
    "leaflet.awesome-markers/dist/leaflet.awesome-markers.min.js",
  ],
};

/** Writes the libraries that draw outputs, each as one script. */
async function copyRenderers(made: string): Promise<void> {
  await Deno.mkdir(join(made, "renderers"));
  for (const [name, parts] of Object.entries(RENDERERS)) {
    const texts = parts.map((part) => Deno.readTextFile(join(project, "node_modules", part)));
    await Deno.writeTextFile(join(made, "renderers", name), (await Promise.all(texts)).join("\n"));
  }
  await Deno.writeTextFile(join(made, "renderers", "leaflet.js"), await leafletLooks(), {
    append: true,
  });
}

/** Returns the script that gives maps their style sheets and the images of their markers. */
async function leafletLooks(): Promise<string> {
  const styles = await Promise.all([
    styleWithImages("leaflet/dist/leaflet.css"),
    styleWithImages("leaflet.awesome-markers/dist/leaflet.awesome-markers.css"),
  ]);
  const images = join(project, "node_modules/leaflet/dist/images");
  const icons = {
    iconUrl: imageUrl(join(images, "marker-icon.png")),
    iconRetinaUrl: imageUrl(join(images, "marker-icon-2x.png")),
    shadowUrl: imageUrl(join(images, "marker-shadow.png")),
  };
  // Without the method, markers take the images as they are.
  return `\n${addingStyle(styles.join("\n"))}
delete L.Icon.Default.prototype._getIconUrl;
L.Icon.Default.mergeOptions(${JSON.stringify(icons)});\n`;
}

/** Returns a style sheet of a package with its images in it: a frame loads no files. */
async function styleWithImages(path: string): Promise<string> {
  const file = join(project, "node_modules", path);
  // Screens with many pixels show the usual images too, in the size that the style sheet gives them.
  return (await Deno.readTextFile(file)).replace(
    /url\(['"]?(images\/[\w-]+)(@2x)?\.png['"]?\)/g,
    (_, name) => `url(${imageUrl(join(dirname(file), `${name}.png`))})`,
  );
}

function imageUrl(file: string): string {
  return `data:image/png;base64,${Deno.readFileSync(file).toBase64()}`;
}

/** Returns a statement that adds a style sheet to its document. */
function addingStyle(styles: string): string {
  return `document.head.append(Object.assign(document.createElement("style"), { textContent: ${
    JSON.stringify(styles)
  } }));`;
}

/** The modules of the widgets' library that are needed, by the names that its file defines. */
const WIDGET_MODULES = ["base", "controls", "html-manager"].map((it) => `@jupyter-widgets/${it}`);

/**
 * Writes the widgets' library as one script: the modules of its file for AMD loaders, a loader, the icons of
 * buttons, and the part that connects them with the page.
 */
async function bundleWidgets(made: string): Promise<void> {
  const library = join(project, "node_modules/@jupyter-widgets/html-manager/dist/libembed-amd.js");
  const modules = (await Deno.readTextFile(library)).split(/^(?=define\()|(?<=\n)(?=define\()/gm);
  const needed = WIDGET_MODULES.map((name) => {
    const module = modules.find((text) => text.startsWith(`define("${name}",`));
    if (module === undefined) throw new Error(`${library} does not define ${name}`);
    return module.replace(/^\/\/# sourceMappingURL=.*$/m, "");
  });
  const glue = join(made, "widgets_glue.js");
  await bundleScript("widgets/frame/main.ts", glue);
  const styles = await iconStyles() +
    await Deno.readTextFile(join(source, "widgets/frame/widgets.css"));
  const parts = [
    await Deno.readTextFile(join(source, "widgets/frame/amd.js")),
    ...needed,
    addingStyle(styles),
    `(() => {${await Deno.readTextFile(glue)}})();`,
  ];
  await Deno.remove(glue);
  await Deno.writeTextFile(join(made, "renderers", "widgets.js"), parts.join("\n"));
}

/** Returns the font of the icons on buttons as a style sheet: a frame loads no files. */
async function iconStyles(): Promise<string> {
  const fonts = join(project, "node_modules/@fortawesome/fontawesome-free/webfonts");
  const font = (await Deno.readFile(join(fonts, "fa-solid-900.woff2"))).toBase64();
  return `@font-face { font-family: "Font Awesome 5 Free"; font-weight: 900; src: url(data:font/woff2;base64,${font}); }\n`;
}

/** Returns a hash that changes when a source file, a dependency or the version of Deno changes. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256").update(Deno.version.deno);
  const files = [join(project, "deno.lock"), join(project, "deno.json"), ...await filesIn(source)];
  for (const file of files.sort()) hash.update(await Deno.readFile(file));
  return hash.digest("hex");
}

async function filesIn(directory: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(directory)) {
    const path = join(directory, entry.name);
    found.push(...(entry.isDirectory ? await filesIn(path) : [path]));
  }
  return found;
}

if (import.meta.main && await build()) console.error("setup: built the notebook page");
