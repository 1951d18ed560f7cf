import katex from "katex";
import { Marked, type TokenizerAndRendererExtension } from "marked";
import { useMemo } from "preact/hooks";
import { sanitizeHtml } from "./sanitize.ts";

/** Options for {@linkcode MarkdownView}. */
export interface MarkdownViewProps {
  source: string;
  /** The cell's images by name: MIME bundles with content in Base64. */
  attachments?: Record<string, unknown> | undefined;
}

/** Markdown with TeX formulas, rendered to sanitized HTML. */
export function MarkdownView({ source, attachments }: MarkdownViewProps) {
  const html = useMemo(() => {
    const text = source.replaceAll(/\(attachment:([^)\s]+)\)/g, (whole, name) => {
      const url = attachmentUrl(attachments?.[decodeURIComponent(name)]);
      return url ? `(${url})` : whole;
    });
    return sanitizeHtml(marked.parse(text) as string);
  }, [source, attachments]);
  return <div class="markdown" dangerouslySetInnerHTML={{ __html: html }} />;
}

/** Renders TeX as HTML. A formula with an error is shown as its source, in red. */
export function renderTex(tex: string, displayMode: boolean): string {
  return katex.renderToString(tex, {
    displayMode,
    throwOnError: false,
    trust: false,
    strict: "ignore",
    maxExpand: 200,
    output: "html",
  });
}

const blockMath: TokenizerAndRendererExtension = {
  name: "blockMath",
  level: "block",
  start: (text) => text.match(/\$\$|\\\[|\\begin\{/)?.index,
  tokenizer(text) {
    const match = /^\$\$([\s\S]+?)\$\$|^\\\[([\s\S]+?)\\\]/.exec(text) ??
      /^(\\begin\{([a-z]+\*?)\}[\s\S]+?\\end\{\2\})/.exec(text);
    if (!match) return;
    const tex = match[0].startsWith("\\begin") ? match[0] : match[1] ?? match[2];
    return { type: "blockMath", raw: match[0], tex };
  },
  renderer: ({ tex }) => `<p>${renderTex(tex, true)}</p>`,
};

const inlineMath: TokenizerAndRendererExtension = {
  name: "inlineMath",
  level: "inline",
  start: (text) => text.match(/\$|\\\(/)?.index,
  tokenizer(text) {
    // In "$5 and $6" the dollars are money: the one that ends a formula follows no space and precedes
    // no digit.
    const match = /^\$\$([\s\S]+?)\$\$/.exec(text) ??
      /^\$(?!\s)((?:\\.|[^$\\])+?)(?<!\s)\$(?!\d)/.exec(text) ??
      /^\\\(([\s\S]+?)\\\)/.exec(text);
    if (!match) return;
    return { type: "inlineMath", raw: match[0], tex: match[1], display: match[0].startsWith("$$") };
  },
  renderer: ({ tex, display }) => renderTex(tex, display),
};

const marked = new Marked({ gfm: true, extensions: [blockMath, inlineMath] });

function attachmentUrl(bundle: unknown): string | undefined {
  if (typeof bundle !== "object" || bundle === null) return undefined;
  const [entry] = Object.entries(bundle);
  if (!entry || typeof entry[1] !== "string" || !entry[0].startsWith("image/")) return undefined;
  return `data:${entry[0]};base64,${entry[1]}`;
}
