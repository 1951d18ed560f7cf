import type { McpServer } from "@modelcontextprotocol/server";
import { readFileSync } from "node:fs";
import { RUN_VIEW_URI } from "../agents/uris.ts";

/** The type of a page that a client of MCP shows beside a tool's answer. */
const MIME_TYPE = "text/html;profile=mcp-app";
/** The page needs nothing from anywhere. */
const UI = {
  csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] },
  prefersBorder: true,
};

const html = readFileSync(new URL("run_view.html", import.meta.url), "utf8");

/** Offers the page that shows a run with its tables, plots and HTML, for clients that show such pages. */
export function registerRunView(server: McpServer): void {
  server.registerResource(
    "run-view",
    RUN_VIEW_URI,
    {
      title: "The view of a run",
      description: "Shows the outputs of a run",
      mimeType: MIME_TYPE,
      _meta: { ui: UI },
    },
    (uri) => ({
      contents: [{ uri: uri.href, mimeType: MIME_TYPE, text: html, _meta: { ui: UI } }],
    }),
  );
}
