import { useMemo } from "preact/hooks";
import { Frame } from "../frames/frame.tsx";
import { externalHosts } from "./external_hosts.ts";
import { needsFrame, svgNeedsFrame } from "./html_kind.ts";
import { sanitizeHtml, sanitizeSvg } from "./sanitize.ts";

/** HTML in the page if that is safe and cheap, and otherwise in a document of its own. */
export function HtmlView({ html }: { html: string }) {
  const safe = useMemo(() => needsFrame(html) ? null : sanitizeHtml(html), [html]);
  const hosts = useMemo(() => safe === null ? externalHosts(html) : [], [html, safe]);
  if (safe === null) {
    return (
      <>
        <Frame kind="html" source={html} />
        {hosts.length > 0 && (
          <p class="output-note">
            {`This output asks for scripts or styles of ${
              hosts.slice(0, 3).join(", ")
            }. Outputs reach no ` +
              "network, so that a part of it may be missing."}
          </p>
        )}
      </>
    );
  }
  return <div class="output-html" dangerouslySetInnerHTML={{ __html: safe }} />;
}

/** An SVG drawing in the page if that is safe and cheap, and otherwise in a document of its own. */
export function SvgView({ source }: { source: string }) {
  const safe = useMemo(() => svgNeedsFrame(source) ? null : sanitizeSvg(source), [source]);
  if (safe === null) return <Frame kind="html" source={source} />;
  return <div class="output-svg" role="img" dangerouslySetInnerHTML={{ __html: safe }} />;
}
