import { useMemo } from "preact/hooks";
import {
  type Attachments,
  attachmentUrl,
  decodeName,
} from "../../services/notebooks/format/attachments.ts";
import { MarkupView } from "./markup_view.tsx";

/** Embedded images from this length on are taken out of the text before it is rendered. */
const EMBEDDED = /data:image\/[\w.+-]+;base64,[A-Za-z0-9+/=]{500,}/g;

/** Options for {@linkcode MarkdownView}. */
export interface MarkdownViewProps {
  source: string;
  /** The cell's images by name. */
  attachments?: Attachments | undefined;
}

/** Markdown with TeX formulas and images. */
export function MarkdownView({ source, attachments }: MarkdownViewProps) {
  const { text, prepare } = useMemo(() => {
    const images: string[] = [];
    const text = source.replace(EMBEDDED, (url) => `attachment:embedded-${images.push(url) - 1}`);
    const prepare = (html: string) =>
      html
        .replace(/attachment:embedded-(\d+)/g, (whole, index) => images[index] ?? whole)
        .replace(/src="attachment:([^"]+)"/g, (whole, name) => {
          const url = attachmentUrl(attachments, decodeName(name));
          return url ? `src="${url}"` : whole;
        });
    return { text, prepare };
  }, [source, attachments]);
  return <MarkupView kind="markdown" source={text} class="markdown" prepare={prepare} />;
}
