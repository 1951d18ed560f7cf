import { useState } from "preact/hooks";
import { Ansi } from "./ansi.tsx";

/** The number of a traceback's lines that are shown before the reader asks for more. */
const SHOWN_LINES = 40;

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
        <strong>{ename}</strong>
        {evalue && `: ${evalue.split("\n")[0]}`}
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
