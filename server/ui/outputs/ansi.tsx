import { AnsiUp } from "ansi_up";
import { useMemo, useState } from "preact/hooks";
import { downloadFile } from "../api/download.ts";
import { lastWritten, terminalText } from "./terminal_text.ts";

/** The number of characters of one text that are shown at first, and after the reader asked for more. */
const SHOWN = 100_000;
const SHOWN_UNFOLDED = 1_000_000;

/** Text with ANSI colours. A very long text is shown without its middle. */
export function Ansi({ text, class: name = "" }: { text: string; class?: string }) {
  const [limit, setLimit] = useState(SHOWN);
  // Before the text is cut: a progress bar that has written over itself a thousand times is one line.
  const written = useMemo(() => text.length > SHOWN ? lastWritten(text) : text, [text]);
  const hidden = written.length - limit;
  const head = hidden > 0 ? written.slice(0, limit / 2) : written;
  const tail = hidden > 0 ? written.slice(-limit / 2) : "";
  return (
    <>
      <Coloured text={head} class={name} />
      {hidden > 0 && (
        <p class="output-note">
          {hidden.toLocaleString("en")} characters are hidden. {limit < SHOWN_UNFOLDED && (
            <button
              type="button"
              class="link"
              onClick={() => setLimit(SHOWN_UNFOLDED)}
            >
              Show more
            </button>
          )}{" "}
          <button
            type="button"
            class="link"
            onClick={() => downloadFile("output.txt", new Blob([text], { type: "text/plain" }))}
          >
            Save all of it as a file
          </button>
        </p>
      )}
      {hidden > 0 && <Coloured text={tail} class={name} />}
    </>
  );
}

function Coloured({ text, class: name }: { text: string; class: string }) {
  const html = useMemo(() => {
    const ansi = new AnsiUp();
    ansi.use_classes = true;
    ansi.escape_html = true;
    // A printed link can hide its target behind any text, so none is made.
    ansi.url_allowlist = {};
    return ansi.ansi_to_html(terminalText(text));
  }, [text]);
  return <pre class={`output-text ${name}`} dangerouslySetInnerHTML={{ __html: html }} />;
}
