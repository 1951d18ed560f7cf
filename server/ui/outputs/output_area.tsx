import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { CellOutput } from "../notebook/output_schema.ts";
import { ErrorBoundary } from "./error_boundary.tsx";
import { Ansi } from "./ansi.tsx";
import { ErrorView } from "./error_view.tsx";
import { MimeView } from "./mime_view.tsx";
import { plainTextOf } from "./plain_text.ts";

/** The number of a cell's outputs that are shown before the reader asks for more. */
const SHOWN_OUTPUTS = 100;

/** Options for {@linkcode OutputArea}. */
export interface OutputAreaProps {
  outputs: readonly CellOutput[];
  collapsed: boolean;
  onToggle: () => void;
}

/** The outputs of a cell. Long outputs are folded; a bar hides all of them. */
export function OutputArea({ outputs, collapsed, onToggle }: OutputAreaProps) {
  const [limit, setLimit] = useState(SHOWN_OUTPUTS);
  if (outputs.length === 0) return null;
  return (
    <div class="output-area">
      <button
        type="button"
        class="collapse-bar"
        aria-expanded={!collapsed}
        aria-label={collapsed ? "Show the outputs" : "Hide the outputs"}
        title={collapsed ? "Show the outputs (o)" : "Hide the outputs (o)"}
        onClick={onToggle}
      />
      <div class="output-list" aria-live="polite">
        {collapsed
          ? (
            <button type="button" class="link" onClick={onToggle}>
              {outputs.length === 1 ? "1 output is" : `${outputs.length} outputs are`} hidden
            </button>
          )
          : outputs.slice(0, limit).map((output, index) => <Folding key={index} output={output} />)}
        {!collapsed && outputs.length > limit && (
          <button
            type="button"
            class="link"
            onClick={() => setLimit(limit * 2)}
          >
            {outputs.length - limit} more outputs
          </button>
        )}
      </div>
    </div>
  );
}

/** An output that is limited to the height of the window until the reader unfolds it. */
function Folding({ output }: { output: CellOutput }) {
  const content = useRef<HTMLDivElement>(null);
  const [isLong, setLong] = useState(false);
  const [open, setOpen] = useState(false);
  useLayoutEffect(() => {
    const element = content.current!;
    // Images and frames change their size when they load.
    const observer = new ResizeObserver(() => {
      if (!open) setLong(element.scrollHeight > element.clientHeight + 4);
    });
    for (const it of [element, ...element.children]) observer.observe(it);
    return () => observer.disconnect();
  }, [open, output]);
  const isText = output.output_type === "stream";
  // Text that grows stays at its end, unless the reader has scrolled away from there.
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    const element = content.current!;
    if (isText && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [output, isText]);
  return (
    <div class={`output output-${output.output_type}`}>
      <div
        class={open ? "" : "folded"}
        ref={content}
        tabIndex={isLong && !open ? 0 : -1}
        onScroll={({ currentTarget: it }) => {
          isAtEnd.current = it.scrollTop + it.clientHeight >= it.scrollHeight - 8;
        }}
      >
        <ErrorBoundary
          value={output}
          fallback={() => <PlainOutput output={output} note="This output cannot be shown" />}
        >
          <One output={output} />
        </ErrorBoundary>
      </div>
      {(isLong || open) && (
        <button type="button" class="link fold" onClick={() => setOpen(!open)}>
          {open ? "Fold" : "Unfold all of it"}
        </button>
      )}
      {isText && <CopyButton text={output.text} />}
    </div>
  );
}

function One({ output }: { output: CellOutput }) {
  switch (output.output_type) {
    case "stream":
      return <Ansi text={output.text} class={output.name} />;
    case "error":
      return <ErrorView {...output} />;
    case "unreadable":
      return <PlainOutput output={output} note="This output is not in the notebook format" />;
    default:
      return <MimeView data={output.data} metadata={output.metadata} />;
  }
}

/** An output as plain text, in place of its view. */
function PlainOutput({ output, note }: { output: CellOutput; note: string }) {
  return (
    <>
      <p class="output-note">{note}.</p>
      <pre class="output-text">{plainTextOf(output)}</pre>
    </>
  );
}

function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  }
  return (
    <button type="button" class="copy" onClick={copy} onBlur={() => setCopied(false)}>
      {copied ? "Copied" : "Copy"}
    </button>
  );
}
