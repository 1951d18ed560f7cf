import { useState } from "preact/hooks";
import { Ansi } from "./ansi.tsx";
import { BokehView, isBokehBanner } from "../frames/bokeh_view.tsx";
import { DrawnView } from "../frames/drawn_view.tsx";
import { Frame } from "../frames/frame.tsx";
import { HtmlView, SvgView } from "./html_view.tsx";
import { JsonTree } from "./json_tree.tsx";
import { MarkdownView } from "./markdown.tsx";
import { MarkupView } from "./markup_view.tsx";
import {
  BOKEH,
  BOKEH_LOAD,
  isDrawn,
  otherMimes,
  type ShownMime,
  shownMimes,
  WIDGET,
} from "./mime.ts";
import { useSession } from "../session/live_session.ts";
import { useSavedWidgets } from "../widgets/saved_widgets_context.ts";
import { WidgetView } from "../widgets/widget_view.tsx";
import { TABLE_TARGET } from "../tables/table_client.ts";
import { TableView } from "../tables/table_view.tsx";
import { cut, textOf } from "./plain_text.ts";

/** The most characters of the names of formats that cannot be shown. */
const MAX_NAMES = 200;

/** The largest width and height that an image's metadata can ask for, in pixels. */
const MAX_IMAGE_SIZE = 10_000;

/** Options for {@linkcode MimeView}. */
export interface MimeViewProps {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** A MIME bundle, shown in its richest format. The reader can choose another format. */
export function MimeView({ data, metadata }: MimeViewProps) {
  const mimes = shownMimes(data);
  const session = useSession();
  const saved = useSavedWidgets();
  const table = session ? tableIn(metadata) : undefined;
  const [chosen, setChosen] = useState<ShownMime | "table">();
  const mime = chosen && chosen !== "table" && mimes.includes(chosen) ? chosen : mimes[0];
  if (BOKEH_LOAD in data) return null;
  if (mime === BOKEH) return <BokehOutput data={data} />;
  if (!mime) {
    const names = cut(otherMimes(data).join(", "), MAX_NAMES);
    return <p class="output-note">This page cannot show {names || "an output without data"}.</p>;
  }
  const widget = widgetIn(data);
  if (widget !== undefined) {
    return (
      <WidgetView key={widget} session={session} saved={saved} id={widget}>
        <Format mime={mime} value={data[mime]} metadata={metadata[mime]} />
      </WidgetView>
    );
  }
  const isTable = table !== undefined && (chosen === undefined || chosen === "table");
  const format = <Format mime={mime} value={data[mime]} metadata={metadata[mime]} />;
  return (
    <div class="mime-view">
      {mimes.length + (table === undefined ? 0 : 1) > 1 && (
        <select
          class="mime-choice"
          aria-label="Format of this output"
          value={isTable ? "table" : mime}
          onChange={(event) => setChosen(event.currentTarget.value as ShownMime | "table")}
        >
          {table !== undefined && <option value="table">table</option>}
          {mimes.map((it) => <option key={it} value={it}>{it}</option>)}
        </select>
      )}
      {isTable
        ? <TableView key={table} session={session!} table={table}>{format}</TableView>
        : format}
    </div>
  );
}

/** Returns the id of the table that the kernel has of a displayed data frame. */
function tableIn(metadata: Record<string, unknown>): string | undefined {
  const { id } = (metadata[TABLE_TARGET] ?? {}) as Record<string, unknown>;
  return typeof id === "string" && id.length < 100 ? id : undefined;
}

/** Returns the id of the widget that a bundle stands for. */
function widgetIn(data: Record<string, unknown>): string | undefined {
  const { model_id: id } = (data[WIDGET] ?? {}) as Record<string, unknown>;
  return typeof id === "string" && id.length < 200 ? id : undefined;
}

function Format({ mime, value, metadata }: {
  mime: ShownMime;
  value: unknown;
  metadata: unknown;
}) {
  if (mime === "application/json") {
    return (
      <div class="json">
        <JsonTree value={value} open />
      </div>
    );
  }
  if (isDrawn(mime)) {
    return <DrawnView library={mime.includes("plotly") ? "plotly" : "vega"} value={value} />;
  }
  const text = textOf(value);
  switch (mime) {
    case "text/html":
      if (isBokehBanner(text)) return <p class="output-note">{BOKEH_NOTE}</p>;
      return <HtmlView html={text} />;
    case "text/markdown":
      return <MarkdownView source={text} />;
    case "text/latex":
      return <Latex source={text} />;
    case "image/svg+xml":
      return <SvgView source={text} />;
    case "image/png":
    case "image/jpeg":
    case "image/gif":
    case "image/webp":
      return <Image src={`data:${mime};base64,${text.trim()}`} metadata={metadata} />;
    case BOKEH:
      return null;
    case "application/javascript":
      return <Frame kind="javascript" source={text} />;
    case "text/plain":
      return <Ansi text={text} />;
  }
}

const BOKEH_NOTE = "Bokeh's figures are drawn with the BokehJS of this page.";

/** An output of Bokeh, which has the script that draws it in another format. */
function BokehOutput({ data }: { data: Record<string, unknown> }) {
  const script = data["application/javascript"];
  if (script !== undefined) return <BokehView script={textOf(script)} />;
  return <p class="output-note">This page cannot show applications that need a Bokeh server.</p>;
}

function Latex({ source }: { source: string }) {
  const trimmed = source.trim();
  const [, display, inline] = /^\$\$([^]*)\$\$$|^\$([^]*)\$$/.exec(trimmed) ?? [];
  return (
    <MarkupView
      kind={inline === undefined ? "display-tex" : "tex"}
      source={display ?? inline ?? trimmed}
      class="output-latex"
    />
  );
}

/** An image in the size of its metadata, such as half its pixels for images made for dense screens. */
function Image({ src, metadata }: { src: string; metadata: unknown }) {
  const { width, height, alt } = (metadata ?? {}) as Record<string, unknown>;
  return (
    <a class="output-image" href={src} download="output" title="Save this image">
      <img
        src={src}
        alt={typeof alt === "string" ? cut(alt, 500) : "Output image"}
        {...(isSize(width) && { width })}
        {...(isSize(height) && { height })}
      />
    </a>
  );
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value <= MAX_IMAGE_SIZE;
}
