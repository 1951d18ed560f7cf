import { useMemo, useState } from "preact/hooks";
import { Ansi } from "./ansi.tsx";
import { Frame } from "./frame.tsx";
import { needsFrame } from "./html_kind.ts";
import { JsonTree } from "./json_tree.tsx";
import { MarkdownView, renderTex } from "./markdown.tsx";
import { otherMimes, type ShownMime, shownMimes } from "./mime.ts";
import { sanitizeHtml, sanitizeSvg } from "./sanitize.ts";

/** Options for {@linkcode MimeView}. */
export interface MimeViewProps {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** A MIME bundle, shown in its richest format. The reader can choose another format. */
export function MimeView({ data, metadata }: MimeViewProps) {
  const mimes = shownMimes(data);
  const [chosen, setChosen] = useState<ShownMime>();
  const mime = chosen && mimes.includes(chosen) ? chosen : mimes[0];
  if (!mime) return <p class="output-note">Nothing here can show {otherMimes(data).join(", ")}.</p>;
  return (
    <div class="mime-view">
      {mimes.length > 1 && (
        <select
          class="mime-choice"
          aria-label="Format of this output"
          value={mime}
          onChange={(event) => setChosen(event.currentTarget.value as ShownMime)}
        >
          {mimes.map((it) => <option key={it} value={it}>{it}</option>)}
        </select>
      )}
      <Format mime={mime} value={data[mime]} metadata={metadata[mime]} />
      {otherMimes(data).some((it) => it.includes("widget-view")) && (
        <p class="output-note">Widgets cannot be moved here: this is their text.</p>
      )}
    </div>
  );
}

function Format({ mime, value, metadata }: {
  mime: ShownMime;
  value: unknown;
  metadata: unknown;
}) {
  const text = Array.isArray(value) ? value.join("") : String(value);
  switch (mime) {
    case "text/html":
      return needsFrame(text) ? <Frame kind="html" source={text} /> : <Html html={text} />;
    case "text/markdown":
      return <MarkdownView source={text} />;
    case "text/latex":
      return <Latex source={text} />;
    case "image/svg+xml":
      return <Svg source={text} />;
    case "image/png":
    case "image/jpeg":
    case "image/gif":
    case "image/webp":
      return <Image src={`data:${mime};base64,${text.trim()}`} metadata={metadata} />;
    case "application/json":
      return (
        <div class="json">
          <JsonTree value={value} open />
        </div>
      );
    case "application/javascript":
      return <Frame kind="javascript" source={text} />;
    case "text/plain":
      return <Ansi text={text} />;
  }
}

function Html({ html }: { html: string }) {
  const safe = useMemo(() => sanitizeHtml(html), [html]);
  return <div class="output-html" dangerouslySetInnerHTML={{ __html: safe }} />;
}

function Svg({ source }: { source: string }) {
  const safe = useMemo(() => sanitizeSvg(source), [source]);
  return <div class="output-svg" role="img" dangerouslySetInnerHTML={{ __html: safe }} />;
}

function Latex({ source }: { source: string }) {
  const html = useMemo(() => {
    const trimmed = source.trim();
    const [, display, inline] = /^\$\$([^]*)\$\$$|^\$([^]*)\$$/.exec(trimmed) ?? [];
    return renderTex(display ?? inline ?? trimmed, inline === undefined);
  }, [source]);
  return <div class="output-latex" dangerouslySetInnerHTML={{ __html: html }} />;
}

/**
 * An image in the size of its metadata, such as half its pixels for images made for dense screens.
 */
function Image({ src, metadata }: { src: string; metadata: unknown }) {
  const { width, height, alt } = (metadata ?? {}) as Record<string, unknown>;
  return (
    <a class="output-image" href={src} download="output" title="Save this image">
      <img
        src={src}
        alt={typeof alt === "string" ? alt : "Output image"}
        {...(typeof width === "number" && { width })}
        {...(typeof height === "number" && { height })}
      />
    </a>
  );
}
