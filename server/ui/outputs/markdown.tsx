import { useMemo } from "preact/hooks";
import { MarkupView } from "./markup_view.tsx";

/** Embedded images from this length on are taken out of the text before it is rendered. */
const EMBEDDED = /data:image\/[\w.+-]+;base64,[A-Za-z0-9+/=]{500,}/g;

/** Options for {@linkcode MarkdownView}. */
export interface MarkdownViewProps {
  source: string;
  /** The cell's images by name: MIME bundles with content in Base64. */
  attachments?: Record<string, unknown> | undefined;
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
          const url = attachmentUrl(attachments?.[decode(name)]);
          return url ? `src="${url}"` : whole;
        });
    return { text, prepare };
  }, [source, attachments]);
  return <MarkupView kind="markdown" source={text} class="markdown" prepare={prepare} />;
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // A "%" that encodes nothing is part of the name.
  }
}

function attachmentUrl(bundle: unknown): string | undefined {
  if (typeof bundle !== "object" || bundle === null) return undefined;
  const [entry] = Object.entries(bundle);
  if (!entry || typeof entry[1] !== "string") return undefined;
  if (!/^image\/[\w.+-]+$/.test(entry[0]) || !/^[A-Za-z0-9+/=\s]*$/.test(entry[1])) {
    return undefined;
  }
  return `data:${entry[0]};base64,${entry[1].replaceAll(/\s/g, "")}`;
}
