import type { LabFiles } from "./lab_files.ts";

/**
 * The policy of JupyterLab's page. It compiles its plugins' schemas to functions, and runs the scripts of outputs, in
 * the page. It reaches its own origin alone: neither another server nor another port of this machine.
 */
export const LAB_POLICY = "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; " +
  "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
  "media-src 'self' data: blob:; connect-src 'self'; worker-src 'none'; object-src blob: data:; " +
  "frame-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The plugins that ask for what this server does not have. */
const DISABLED = [
  "@jupyterlab/extensionmanager-extension",
  "@jupyterlab/terminal-extension",
  "@jupyterlab/lsp-extension",
  "@jupyterlab/notebook-extension:language-server",
  "@jupyterlab/fileeditor-extension:language-server",
  "@jupyterlab/apputils-extension:announcements",
  "@jupyterlab/help-extension:licenses",
];

/** The addresses that the page is told of, below the base of the page. */
const ADDRESSES = {
  app: "lab",
  static: "static/lab",
  settings: "lab/api/settings",
  themes: "lab/api/themes",
  translationsApi: "lab/api/translations",
  workspacesApi: "lab/api/workspaces",
  labextensions: "lab/extensions",
  listings: "lab/api/listings",
  licenses: "lab/api/licenses",
  tree: "lab/tree",
};

/** The place in JupyterLab that an address names. */
export interface LabPlace {
  /** The path below which everything is, with a slash at both ends. */
  base: string;
  workspace: string;
  /** The path of the file that the page opens; empty: none. */
  tree: string;
  /** True for a page with one document alone. */
  isSingle: boolean;
}

/** Returns JupyterLab's page. */
export function labPage({ template, extensions, version }: LabFiles, place: LabPlace): string {
  const { base, workspace, tree, isSingle } = place;
  const addresses = Object.entries(ADDRESSES).flatMap(([name, path]) => [
    [`${name}Url`, `/${path}`],
    [`full${name[0]!.toUpperCase()}${name.slice(1)}Url`, `${base}${path}`],
  ]);
  const config = {
    ...Object.fromEntries(addresses),
    appName: "JupyterLab",
    appVersion: version,
    baseUrl: base,
    wsUrl: "",
    token: "",
    mode: isSingle ? "single-document" : "multiple-document",
    workspace,
    treePath: tree,
    federated_extensions: extensions,
    disabledExtensions: DISABLED,
    terminalsAvailable: false,
    buildAvailable: false,
    buildCheck: false,
  };
  // No text in the configuration may end the element that it stands in.
  const json = JSON.stringify(config).replaceAll("<", "\\u003c");
  return template
    .replace(/\{% if custom_css %\}.*?\{% endif %\}/s, "")
    .replace(/\{#.*?#\}|\{%.*?%\}/gs, "")
    .replace(/\{\{\s*page_config_full\s*\|\s*tojson\s*\}\}/, () => json)
    .replace(/\{\{\s*page_config\.fullStaticUrl\s*\}\}/g, () => `${base}${ADDRESSES.static}`)
    .replace(/\{\{\s*base_url\s*\|\s*escape\s*\}\}/g, () => base);
}
