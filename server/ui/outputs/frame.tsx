import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { z } from "zod";

/** The tallest that a frame becomes by itself, in pixels; what is taller scrolls. */
const MAX_HEIGHT = 800;

/** All that a frame may say. */
const frameMessage = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ready") }),
  z.strictObject({ type: z.literal("height"), height: z.number().min(0).max(1e6) }),
]);

/** What a frame is to show. */
export interface FrameContent {
  kind: "html" | "javascript";
  source: string;
}

/**
 * Shows what may run scripts: in a document of its own, which is sandboxed, has no access to this page,
 * its cookies or the network, and can tell nothing but its height.
 */
export function Frame({ kind, source }: FrameContent) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(40);

  // Before the frame can be loaded: an effect that waits for the page's painting misses its "ready".
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
      // Its origin is none that could be named; the message holds nothing of this page.
      contentWindow.postMessage({ kind, source, theme: theme() }, "*", [channel.port2]);
    };
    // More than once: a frame that is moved in the page, with its cell, is loaded anew.
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

/** The page's colours and fonts, for documents that have none of their own. */
function theme(): Record<string, string> {
  const style = getComputedStyle(document.documentElement);
  // A frame whose scheme is not the page's gets a background of its own.
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
