import { useEffect, useMemo, useState } from "preact/hooks";
import { Ansi } from "./ansi.tsx";
import type { MarkupRequest } from "./markup.ts";
import { MarkupRenderer } from "./markup_renderer.ts";
import { cut } from "./plain_text.ts";
import { sanitizeHtml } from "./sanitize.ts";

/** The longest document that is rendered, in characters without its embedded images. */
const MAX_SOURCE = 200_000;

/** The longest HTML that a document may become, in characters. */
const MAX_HTML = 1_000_000;

/** The deadline of one document, in milliseconds: a long one takes some tens of them. */
const DEADLINE_MS = 5_000;

/** The number of rendered documents that are remembered, so that they show again at once. */
const REMEMBERED = 200;

/** Renders the documents of this page. */
export const markupRenderer = new MarkupRenderer({
  createWorker: () => new Worker("/ui/markup_worker.js", { type: "module" }),
  deadlineMs: DEADLINE_MS,
});
const remembered = new Map<string, string | null>();

/** Options for {@linkcode MarkupView}. */
export interface MarkupViewProps extends MarkupRequest {
  class: string;
  /** Called with the rendered HTML before it is sanitized. */
  prepare?: (html: string) => string;
}

/** Markdown or TeX, rendered; its source if it is too long, too deep or takes too much time. */
export function MarkupView({ kind, source, class: name, prepare = unchanged }: MarkupViewProps) {
  const key = `${kind} ${source}`;
  const [rendered, setRendered] = useState<{ key: string; html: string | null }>();
  const html = rendered?.key === key ? rendered.html : remembered.get(key);
  useEffect(() => {
    if (html !== undefined) return;
    let isCurrent = true;
    void render({ kind, source }).then((html) => {
      remember(key, html);
      if (isCurrent) setRendered({ key, html });
    });
    return () => isCurrent = false;
  }, [key]);

  const safe = useMemo(
    () => html !== undefined && html !== null ? sanitizeHtml(prepare(html)) : null,
    [html, prepare],
  );
  if (html === undefined) return <pre class="output-text pending">{cut(source, MAX_SOURCE)}</pre>;
  if (safe === null) return <Ansi text={source} />;
  return <div class={name} dangerouslySetInnerHTML={{ __html: safe }} />;
}

function unchanged(html: string): string {
  return html;
}

async function render(request: MarkupRequest): Promise<string | null> {
  if (request.source.length > MAX_SOURCE) return null;
  const html = await markupRenderer.render(request);
  return html === null || html.length > MAX_HTML ? null : html;
}

function remember(key: string, html: string | null): void {
  remembered.set(key, html);
  const [oldest] = remembered.keys();
  if (remembered.size > REMEMBERED) remembered.delete(oldest!);
}
