import { useMemo } from "preact/hooks";
import { Frame } from "../frames/frame.tsx";
import { libraryAt, type LibraryName } from "../frames/libraries.ts";
import { externalAddresses, hostsOf } from "./external_addresses.ts";
import { needsFrame, svgNeedsFrame } from "./html_kind.ts";
import { sanitizeHtml, sanitizeSvg } from "./sanitize.ts";

/** HTML in the page if that is safe and cheap, and otherwise in a document of its own. */
export function HtmlView({ html }: { html: string }) {
  const safe = useMemo(() => needsFrame(html) ? null : sanitizeHtml(html), [html]);
  if (safe === null) return <FramedHtml html={html} />;
  return <div class="output-html" dangerouslySetInnerHTML={{ __html: safe }} />;
}

/** HTML in a document of its own, with the libraries that it asks for if they come with the page. */
function FramedHtml({ html }: { html: string }) {
  const { provided, hosts } = useMemo(() => {
    const provided: Record<string, LibraryName> = {};
    const missing: string[] = [];
    for (const address of externalAddresses(html)) {
      const library = libraryAt(address);
      if (library) provided[address] = library;
      else missing.push(address);
    }
    return { provided, hosts: hostsOf(missing) };
  }, [html]);
  return (
    <>
      <Frame kind="html" source={html} provided={provided} />
      {hosts.length > 0 && (
        <p class="output-note">
          {`This output asks for scripts or styles of ${hosts.slice(0, 3).join(", ")}. Outputs ` +
            "reach no network, so that a part of it may be missing."}
        </p>
      )}
    </>
  );
}

/** An SVG drawing in the page if that is safe and cheap, and otherwise in a document of its own. */
export function SvgView({ source }: { source: string }) {
  const safe = useMemo(() => svgNeedsFrame(source) ? null : sanitizeSvg(source), [source]);
  if (safe === null) return <Frame kind="html" source={source} />;
  return <div class="output-svg" role="img" dangerouslySetInnerHTML={{ __html: safe }} />;
}
