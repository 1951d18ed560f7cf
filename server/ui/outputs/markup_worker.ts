/// <reference lib="webworker" />
/**
 * The worker that renders Markdown and TeX.
 *
 * @module
 */
import { type MarkupRequest, renderMarkup } from "./markup.ts";

/** The answer to a request; null if the document cannot be rendered. */
export interface MarkupReply {
  html: string | null;
}

addEventListener("message", ({ data }: MessageEvent<MarkupRequest>) => {
  postMessage(reply(data));
});

function reply(request: MarkupRequest): MarkupReply {
  try {
    return { html: renderMarkup(request) };
  } catch {
    return { html: null };
  }
}
