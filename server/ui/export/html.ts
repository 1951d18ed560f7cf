import { AnsiUp } from "ansi_up";
import { withEmbeddedImages } from "../../services/notebooks/format/attachments.ts";
import type { Cell } from "../notebook/cell.ts";
import type { Notebook } from "../notebook/notebook.ts";
import type { CellOutput } from "../notebook/output_schema.ts";
import { markupRenderer } from "../outputs/markup_view.tsx";
import { plainTextOf, textOf } from "../outputs/plain_text.ts";
import { sanitizeHtml, sanitizeSvg } from "../outputs/sanitize.ts";
import { terminalText } from "../outputs/terminal_text.ts";

/** Makes a file of HTML that shows a notebook without scripts and without a server. */
export async function toHtml(notebook: Notebook): Promise<string> {
  const cells = await Promise.all(notebook.cells.peek().map(cellHtml));
  const title = escape(notebook.title.peek() || "Untitled");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${cells.join("\n")}
</main>
</body>
</html>
`;
}

const STYLE = `
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: #1c2430; background: #fff; }
main { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
pre { margin: 0.5rem 0; overflow-x: auto; font: 13.5px/1.5 ui-monospace, monospace; white-space: pre-wrap; }
.code { padding: 0.6rem 0.8rem; border: 1px solid #dfe3ea; border-radius: 8px; background: #f6f7f9; }
.error, .stderr { padding: 0.4rem 0.8rem; background: #fdf0ef; }
img, svg { max-width: 100%; }
table { border-collapse: collapse; } th, td { padding: 0.25rem 0.6rem; border-bottom: 1px solid #dfe3ea; text-align: right; }
section { margin-block: 1rem; }
`;

async function cellHtml(cell: Cell): Promise<string> {
  const source = cell.source.peek();
  const type = cell.type.peek();
  if (type === "markdown") {
    const text = withEmbeddedImages(source, cell.attachments.peek());
    return `<section>${await markdown(text)}</section>`;
  }
  const code = source === "" ? "" : `<pre class="code">${escape(source)}</pre>`;
  if (type === "raw") return `<section>${code}</section>`;
  const outputs = await Promise.all(cell.outputs.peek().map(outputHtml));
  return `<section>${[code, ...outputs].join("\n")}</section>`;
}

async function outputHtml(output: CellOutput): Promise<string> {
  if (output.output_type === "stream") return text(output.text, output.name);
  if (output.output_type === "error") {
    const { ename, evalue, traceback } = output;
    return text(traceback.length > 0 ? traceback.join("\n") : `${ename}: ${evalue}`, "error");
  }
  if (output.output_type === "unreadable") return text(plainTextOf(output), "");
  const { data } = output;
  for (const type of ["image/png", "image/jpeg", "image/gif", "image/webp"]) {
    const image = data[type];
    if (image !== undefined && /^[\w+/=\s]*$/.test(textOf(image))) {
      return `<p><img alt="Output image" src="data:${type};base64,${textOf(image).trim()}"></p>`;
    }
  }
  const svg = data["image/svg+xml"];
  if (svg !== undefined) return sanitizeSvg(textOf(svg)) ?? "";
  const html = data["text/html"];
  // An output that a script draws has nothing to show here but its text.
  const isScript = html !== undefined && /<script\b/i.test(textOf(html));
  if (html !== undefined && !isScript) {
    return sanitizeHtml(textOf(html)) ?? text(plainTextOf(output), "");
  }
  if (data["text/markdown"] !== undefined) return await markdown(textOf(data["text/markdown"]));
  return text(plainTextOf(output), "");
}

async function markdown(source: string): Promise<string> {
  const html = await markupRenderer.render({ kind: "markdown", source });
  return (html === null ? null : sanitizeHtml(html)) ?? `<pre>${escape(source)}</pre>`;
}

function text(source: string, name: string): string {
  const ansi = new AnsiUp();
  ansi.escape_html = true;
  ansi.url_allowlist = {};
  return `<pre class="${name}">${ansi.ansi_to_html(terminalText(source))}</pre>`;
}

function escape(source: string): string {
  return source.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
