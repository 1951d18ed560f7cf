import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { z } from "zod";

/** The largest height of a frame, in pixels; a taller document scrolls inside it. */
const MAX_HEIGHT = 800;

/** The messages that the page accepts from a frame. */
const frameMessage = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ready") }),
  z.strictObject({ type: z.literal("height"), height: z.number().min(0).max(1e6) }),
]);

/** The content of a frame: an HTML document's body, or a script. */
export interface FrameContent {
  kind: "html" | "javascript";
  source: string;
}

/**
 * Shows content that may run scripts in a sandboxed document, which has no access to this page, its
 * cookies or the network. The only value that the page takes from the document is its height.
 */
export function Frame({ kind, source }: FrameContent) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(40);

  // A layout effect listens before the frame can load; an effect after painting would miss "ready".
  useLayoutEffect(() => {
    let port: MessagePort | undefined;
    const show = (contentWindow: Window) => {
      port?.close();
      const channel = new MessageChannel();
      port = channel.port1;
      port.onmessage = ({ data }) => {
        const message = frameMessage.safeParse(data);
        if (message.success && message.data.type === "height") {
          setHeight(Math.min(message.data.height, MAX_HEIGHT));
        }
      };
      // A sandboxed document has an opaque origin, which no target origin matches except "*".
      contentWindow.postMessage({ kind, source, theme: theme() }, "*", [channel.port2]);
    };
    // A frame loads again, and sends "ready" again, when its cell is moved in the page.
    const onMessage = (event: MessageEvent) => {
      const { contentWindow } = frame.current!;
      if (event.source === contentWindow && event.data?.type === "ready") show(contentWindow!);
    };
    globalThis.addEventListener("message", onMessage);
    const onTheme = () => port?.postMessage({ theme: theme() });
    const observer = new MutationObserver(onTheme);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", onTheme);
    return () => {
      globalThis.removeEventListener("message", onMessage);
      dark.removeEventListener("change", onTheme);
      observer.disconnect();
      port?.close();
    };
  }, [kind, source]);

  return (
    <iframe
      key={`${kind} ${source}`}
      ref={frame}
      class="output-frame"
      title="Output"
      sandbox="allow-scripts"
      src="/ui/frame.html"
      style={{ height: `${height}px` }}
    />
  );
}

/** Returns the page's colours and fonts, for documents without styles of their own. */
function theme(): Record<string, string> {
  const style = getComputedStyle(document.documentElement);
  // A browser paints an opaque background behind a frame whose colour scheme differs.
  const names = [
    "color-scheme",
    "--text",
    "--muted",
    "--border",
    "--surface-2",
    "--accent",
    "--font-ui",
  ];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name)]));
}
