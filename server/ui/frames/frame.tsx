import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { z } from "zod";
import { type LibraryName, libraryText } from "./libraries.ts";
import { RateGuard } from "./rate_guard.ts";

/** The largest height of a frame, in pixels; a taller document scrolls inside it. */
const MAX_HEIGHT = 800;

/** A document that loads itself again more often than this is stopped. */
const LOADS = { limit: 20, windowMs: 10_000 };

/** A document that sends more messages than this is stopped. */
const MESSAGES = { limit: 500, windowMs: 1_000 };

/** The only message that the page accepts from a frame. */
const heightMessage = z.strictObject({
  type: z.literal("height"),
  height: z.number().min(0).max(1e6),
});

/** The content of a frame: an HTML document's body, or a script. */
export interface FrameContent {
  kind: "html" | "javascript";
  source: string;
  /** The library that a script needs. */
  library?: LibraryName;
}

/**
 * Shows content that may run scripts in a sandboxed document, which has no access to this page, its
 * cookies or the network. The only value that the page takes from the document is its height.
 */
export function Frame({ kind, source, library }: FrameContent) {
  const [problem, setProblem] = useState<string>();
  if (problem !== undefined) {
    return (
      <p class="output-note">
        This output was stopped: {problem}.{" "}
        <button type="button" class="link" onClick={() => setProblem(undefined)}>
          Show it again
        </button>
      </p>
    );
  }
  const content = { kind, source, ...(library && { library }) };
  return <Document key={`${kind} ${source}`} {...content} onStop={setProblem} />;
}

function Document(
  { kind, source, library, onStop }: FrameContent & { onStop: (why: string) => void },
) {
  const frame = useRef<HTMLIFrameElement>(null);
  const port = useRef<MessagePort>(null);
  const loads = useRef(new RateGuard(LOADS));
  const messages = useRef(new RateGuard(MESSAGES));
  const [height, setHeight] = useState(40);

  function countMessage(): void {
    if (!messages.current.allows()) onStop("it sent too many messages");
  }

  /** Runs once for each load: a frame loads again when its cell is moved in the page. */
  async function onLoad(): Promise<void> {
    if (!loads.current.allows()) return onStop("it loaded itself too often");
    port.current?.close();
    const channel = new MessageChannel();
    port.current = channel.port1;
    let nextHeight: number | undefined;
    channel.port1.onmessage = ({ data }) => {
      countMessage();
      const message = heightMessage.safeParse(data);
      if (!message.success) return;
      // The last height before each painting is enough.
      if (nextHeight === undefined) {
        requestAnimationFrame(() => {
          setHeight(Math.min(nextHeight!, MAX_HEIGHT));
          nextHeight = undefined;
        });
      }
      nextHeight = message.data.height;
    };
    // A sandboxed document has an opaque origin, which no target origin matches except "*".
    const script = library === undefined
      ? undefined
      : await libraryText(library).catch(() => undefined);
    // The frame may have been removed or loaded again.
    if (port.current !== channel.port1 || !frame.current) return;
    if (library !== undefined && script === undefined) return onStop(`${library} cannot be loaded`);
    const content = { kind, source, library: script, theme: theme() };
    frame.current.contentWindow!.postMessage(content, "*", [channel.port2]);
  }

  useLayoutEffect(() => {
    // The page ignores messages that do not come over the port. Any number of them costs time.
    const onMessage = ({ source }: MessageEvent) => {
      if (source === frame.current?.contentWindow) countMessage();
    };
    globalThis.addEventListener("message", onMessage);
    return () => {
      globalThis.removeEventListener("message", onMessage);
      port.current?.close();
    };
  }, []);
  useEffect(() => followTheme(() => port.current?.postMessage({ theme: theme() })), []);

  return (
    <iframe
      ref={frame}
      class="output-frame"
      title="Output"
      sandbox="allow-scripts"
      src="/ui/frame.html"
      style={{ height: `${height}px` }}
      onLoad={() => void onLoad()}
    />
  );
}

/** Calls `onChange` when the page's colours change; returns a function that stops this. */
function followTheme(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", onChange);
  return () => {
    dark.removeEventListener("change", onChange);
    observer.disconnect();
  };
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
