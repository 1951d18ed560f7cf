import { useMemo, useState } from "preact/hooks";
import { Ansi } from "./ansi.tsx";
import { cut } from "./plain_text.ts";
import { filesOf, type TracebackPart, tracebackParts, withoutNames } from "./traceback.ts";

/** The number of a traceback's lines that are shown before the reader asks for more. */
const SHOWN_LINES = 40;

/** The most characters that are shown of an exception's name and of the first line of its message. */
const MAX_NAME = 200;
const MAX_MESSAGE = 2_000;

/** The most files of folded frames that are named. */
const MAX_FILES = 4;

/** Options for {@linkcode ErrorView}. */
export interface ErrorViewProps {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** An exception: a line with its name and message, and a traceback in which the frames of libraries are folded. */
export function ErrorView({ ename, evalue, traceback }: ErrorViewProps) {
  const [all, setAll] = useState(false);
  const frames = useMemo(
    () => withoutNames(traceback, ename, evalue),
    [traceback, ename, evalue],
  );
  const parts = useMemo(() => tracebackParts(frames), [frames]);
  const { shown, hiddenLines } = all ? { shown: parts, hiddenLines: 0 } : lastLines(parts);
  return (
    <details class="error" open>
      <summary>
        <strong>{cut(ename, MAX_NAME)}</strong>
        {evalue && `: ${cut(evalue.split("\n", 1)[0]!, MAX_MESSAGE)}`}
      </summary>
      {hiddenLines > 0 && (
        <button
          type="button"
          class="link"
          onClick={() => setAll(true)}
        >
          Show {hiddenLines} earlier lines
        </button>
      )}
      {frames.length > 0 && shown.map((part, index) =>
        part.type === "shown"
          ? <Ansi key={index} text={part.text} />
          : <LibraryFrames key={index} frames={part.frames} />
      )}
    </details>
  );
}

function LibraryFrames({ frames }: { frames: string[] }) {
  const files = filesOf(frames);
  const names = files.slice(0, MAX_FILES).join(", ") + (files.length > MAX_FILES ? ", …" : "");
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      class="library-frames"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        {`${frames.length === 1 ? "1 frame" : `${frames.length} frames`} of libraries: ${names}`}
      </summary>
      {isOpen && <Ansi text={frames.join("\n")} />}
    </details>
  );
}

/** Returns the parts with no more lines than are shown at first, and the number of lines before these. */
function lastLines(
  parts: readonly TracebackPart[],
): { shown: TracebackPart[]; hiddenLines: number } {
  const shown: TracebackPart[] = [];
  let room = SHOWN_LINES;
  let hiddenLines = 0;
  for (const part of parts.toReversed()) {
    if (part.type === "library") {
      if (room > 0) shown.unshift(part);
      continue;
    }
    const lines = part.text.split("\n");
    const kept = room > 0 ? lines.slice(-room) : [];
    hiddenLines += lines.length - kept.length;
    room -= lines.length;
    if (kept.length > 0) shown.unshift({ type: "shown", text: kept.join("\n") });
  }
  return { shown, hiddenLines };
}
