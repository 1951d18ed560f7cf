import { AnsiUp } from "ansi_up";
import { useMemo, useState } from "preact/hooks";
import { terminalText } from "./terminal_text.ts";

/** The number of characters of one text that are shown before the reader asks for more. */
const MAX_SHOWN = 100_000;

/** Text with ANSI colours. A very long text is shown without its middle. */
export function Ansi({ text, class: name = "" }: { text: string; class?: string }) {
  const [all, setAll] = useState(false);
  const cut = !all && text.length > MAX_SHOWN;
  const head = cut ? text.slice(0, MAX_SHOWN / 2) : text;
  const tail = cut ? text.slice(-MAX_SHOWN / 2) : "";
  return (
    <>
      <Coloured text={head} class={name} />
      {cut && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          Show {(text.length - MAX_SHOWN).toLocaleString("en")} more characters
        </button>
      )}
      {cut && <Coloured text={tail} class={name} />}
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
