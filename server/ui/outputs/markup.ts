/**
 * Markdown and TeX as HTML that has not been sanitized. Runs in a worker: the time that a document
 * takes has no bound that could be seen from its length.
 *
 * @module
 */
import katex from "katex";
import { Marked, type TokenizerAndRendererExtension } from "marked";

/** A document to render. */
export interface MarkupRequest {
  kind: "markdown" | "tex" | "display-tex";
  source: string;
}

/**
 * Renders a document as HTML. A formula with an error becomes its source, in red.
 *
 * @throws {RangeError} if the document is nested too deep.
 */
export function renderMarkup({ kind, source }: MarkupRequest): string {
  if (kind === "markdown") return marked.parse(source) as string;
  return renderTex(source, kind === "display-tex");
}

function renderTex(tex: string, displayMode: boolean): string {
  return katex.renderToString(tex, {
    displayMode,
    throwOnError: false,
    trust: false,
    strict: "ignore",
    maxExpand: 200,
    // In em: a formula cannot ask for a rule or a space that is larger than a screen.
    maxSize: 50,
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

const marked = new Marked({
  gfm: true,
  extensions: [blockMath, inlineMath],
  renderer: {
    // The page removes fields of forms; a box is a picture here.
    checkbox: ({ checked }) =>
      `<span class="task" role="img" aria-label="${checked ? "done" : "not done"}">${
        checked ? "☑" : "☐"
      }</span> `,
  },
});
