import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { z } from "zod";
import { type LibraryName, libraryText } from "./libraries.ts";
import { RateGuard } from "./rate_guard.ts";

/** The largest height of a frame, in pixels; a taller document scrolls inside it. */
const MAX_HEIGHT = 800;

/** The height of a frame that has drawn nothing yet, in pixels. */
const FIRST_HEIGHT = 40;

/** A document that loads itself again more often than this is stopped. */
const LOADS = { limit: 20, windowMs: 10_000 };

/** A document that sends more messages than this is stopped. */
const MESSAGES = { limit: 500, windowMs: 1_000 };

/** The only message that the page accepts from a frame. */
const heightMessage = z.strictObject({
  type: z.literal("height"),
  height: z.number().min(0).max(1e6),
});

/** A `FrameChannel` exchanges messages with the scripts of a library in a frame. */
export interface FrameChannel {
  /** Called each time the frame has loaded, with the function that sends it messages. */
  connect(post: (message: object) => void): FrameConnection;
}

/** A connection with a frame, until it loads again or is removed. */
export interface FrameConnection {
  /** Called with each message of the frame, which anybody's script may have sent. */
  receive(message: unknown): void;
  disconnect(): void;
}

/** The content of a frame: an HTML document's body, a script, or widgets, which talk over a channel. */
export interface FrameContent {
  kind: "html" | "javascript" | "widgets";
  source: string;
  /** The library that a script needs. */
  library?: LibraryName;
  /** The libraries that stand in for what HTML loads from elsewhere, by the addresses in it. */
  provided?: Readonly<Record<string, LibraryName>>;
  channel?: FrameChannel;
}

/**
 * Shows content that may run scripts in a sandboxed document, which has no access to this page, its
 * cookies or the network. The only values that the page takes from the document are its height and what its channel accepts.
 */
export function Frame({ kind, source, ...options }: FrameContent) {
  const [problem, setProblem] = useState<string>();
  // Other content begins with the height of what it takes the place of: the page must not jump meanwhile.
  const height = useRef(FIRST_HEIGHT);
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
  const content = { kind, source, ...options };
  return (
    <Document
      key={`${kind} ${source}`}
      {...content}
      firstHeight={height.current}
      onHeight={(drawn) => height.current = drawn}
      onStop={setProblem}
    />
  );
}

function Document(
  { kind, source, library, provided = {}, channel, firstHeight, onHeight, onStop }: FrameContent & {
    firstHeight: number;
    onHeight: (height: number) => void;
    onStop: (why: string) => void;
  },
) {
  const frame = useRef<HTMLIFrameElement>(null);
  const port = useRef<MessagePort>(null);
  const connection = useRef<FrameConnection>(undefined);
  const loads = useRef(new RateGuard(LOADS));
  const messages = useRef(new RateGuard(MESSAGES));
  const [height, setHeight] = useState(firstHeight);

  function countMessage(): void {
    if (!messages.current.allows()) onStop("it sent too many messages");
  }

  function close(): void {
    connection.current?.disconnect();
    connection.current = undefined;
    port.current?.close();
  }

  /** Runs once for each load: a frame loads again when its cell is moved in the page. */
  async function onLoad(): Promise<void> {
    if (!loads.current.allows()) return onStop("it loaded itself too often");
    close();
    const { port1: own, port2: theirs } = new MessageChannel();
    port.current = own;
    let nextHeight: number | undefined;
    own.onmessage = ({ data }) => {
      countMessage();
      const message = heightMessage.safeParse(data);
      if (!message.success) return connection.current?.receive(data);
      // The last height before each painting is enough.
      if (nextHeight === undefined) {
        requestAnimationFrame(() => {
          const height = Math.min(nextHeight!, MAX_HEIGHT);
          setHeight(height);
          onHeight(height);
          nextHeight = undefined;
        });
      }
      nextHeight = message.data.height;
    };
    // A sandboxed document has an opaque origin, which no target origin matches except "*".
    const names = new Set([...library === undefined ? [] : [library], ...Object.values(provided)]);
    const scripts: Partial<Record<LibraryName, string>> = {};
    for (const name of names) {
      const script = await libraryText(name).catch(() => undefined);
      // The frame may have been removed or loaded again.
      if (port.current !== own || !frame.current) return;
      if (script === undefined) return onStop(`${name} cannot be loaded`);
      scripts[name] = script;
    }
    const content = { kind, source, library, provided, scripts, theme: theme() };
    frame.current!.contentWindow!.postMessage(content, "*", [theirs]);
    connection.current = channel?.connect((message) => own.postMessage(message));
  }

  useLayoutEffect(() => {
    // The page ignores messages that do not come over the port. Any number of them costs time.
    const onMessage = ({ source }: MessageEvent) => {
      if (source === frame.current?.contentWindow) countMessage();
    };
    globalThis.addEventListener("message", onMessage);
    return () => {
      globalThis.removeEventListener("message", onMessage);
      close();
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
