import { useState } from "preact/hooks";
import { Ansi } from "./ansi.tsx";
import { cut } from "./plain_text.ts";

/** The number of a traceback's lines that are shown before the reader asks for more. */
const SHOWN_LINES = 40;

/** The most characters that are shown of an exception's name and of the first line of its message. */
const MAX_NAME = 200;
const MAX_MESSAGE = 2_000;

/** Options for {@linkcode ErrorView}. */
export interface ErrorViewProps {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** An exception: a line with its name and message, and a traceback that can be folded. */
export function ErrorView({ ename, evalue, traceback }: ErrorViewProps) {
  const [all, setAll] = useState(false);
  const lines = traceback.join("\n").split("\n");
  const shown = all ? lines : lines.slice(-SHOWN_LINES);
  return (
    <details class="error" open>
      <summary>
        <strong>{cut(ename, MAX_NAME)}</strong>
        {evalue && `: ${cut(evalue.split("\n", 1)[0]!, MAX_MESSAGE)}`}
      </summary>
      {shown.length < lines.length && (
        <button
          type="button"
          class="link"
          onClick={() => setAll(true)}
        >
          Show {lines.length - shown.length} earlier lines
        </button>
      )}
      {traceback.length > 0 && <Ansi text={shown.join("\n")} />}
    </details>
  );
}
