import { CELL_LANGUAGES, cellLanguage } from "../../services/notebooks/format/cell_language.ts";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { LiveSession } from "../session/live_session.ts";
import type { MarkedRange } from "../editor/found.ts";
import { CodeEditor } from "../editor/code_editor.tsx";
import { imagesIn, readImages } from "../notebook/attached_images.ts";
import type { Cell } from "../notebook/cell.ts";
import { levelOf } from "../notebook/headings.ts";
import type { Notebook } from "../notebook/notebook.ts";
import { ErrorBoundary } from "../outputs/error_boundary.tsx";
import { MarkdownView } from "../outputs/markdown.tsx";
import { OutputArea } from "../outputs/output_area.tsx";
import type { Page } from "./commands.ts";
import { InputField } from "./input_field.tsx";
import { RunTime } from "./run_time.tsx";
import { renderNow } from "./render_now.ts";

/** Options for {@linkcode CellView}. */
export interface CellViewProps {
  page: Page;
  cell: Cell;
  index: number;
}

/** A cell. If a part of it fails, its text is shown, which can be copied and is saved as before. */
export function CellView(props: CellViewProps) {
  const { cell, index } = props;
  return (
    <ErrorBoundary
      value={cell.outputs.value}
      fallback={({ message }) => (
        <section class="cell broken" aria-label={`Cell ${index + 1}`} data-testid={`cell-${index}`}>
          <div class="prompt" />
          <div class="cell-body">
            <p class="output-note">This cell cannot be shown: {message}</p>
            <pre class="output-text">{cell.source.value}</pre>
          </div>
        </section>
      )}
    >
      <WholeCell {...props} />
    </ErrorBoundary>
  );
}

/** A cell with its editor or rendered text, its outputs and its input field. */
function WholeCell({ page, cell, index }: CellViewProps) {
  const { session } = page;
  const { notebook } = session;
  const selected = notebook.selectedId.value === cell.id;
  const editing = selected && notebook.mode.value === "edit";
  const type = cell.type.value;
  const section = useRef<HTMLElement>(null);
  const isChosen = notebook.selection.value.includes(cell);
  // Without this, a browser leaves the page for a file that is dropped on it.
  const takesFiles = (data: DataTransfer | null) =>
    type === "markdown" && data?.types.includes("Files") === true;
  const isStale = session.staleness.stale.value.includes(cell.id);
  const [dropPlace, setDropPlace] = useState<"above" | "below">();

  useLayoutEffect(() => {
    if (!selected) return;
    const element = section.current!;
    // Commands work only while the cell has the focus, itself or by a button in it.
    const active = document.activeElement;
    const hasFocus = element.contains(active) && !active?.matches(".cm-content");
    const isSearching = active?.closest(".search-bar");
    if (!editing && !hasFocus && !isSearching) element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }, [selected, editing, notebook.focusRequests.value]);

  function attach(files: readonly File[], position?: number): void {
    readImages(files).then(
      (images) => notebook.attach(cell, images, position),
      (error) => session.problem.value = error.message,
    );
  }

  const language = cellLanguage(cell.language.value, session.language.value);
  const rendered = type === "markdown" && !cell.editing.value;
  return (
    <section
      ref={section}
      class={classOf({
        [`cell ${type}`]: true,
        selected,
        editing,
        chosen: isChosen && notebook.selection.value.length > 1,
        stale: isStale,
        [`drop-${dropPlace}`]: dropPlace !== undefined,
      })}
      aria-label={`Cell ${index + 1}, ${type}`}
      aria-current={selected}
      tabIndex={selected ? 0 : -1}
      onFocusIn={() => {
        if (!selected) notebook.select(cell);
      }}
      data-testid={`cell-${index}`}
      data-type={type}
      data-state={cell.state.value}
      data-stale={isStale}
      onDragOver={(event) => {
        if (takesFiles(event.dataTransfer)) event.preventDefault();
        if (!event.dataTransfer?.types.includes(DRAGGED)) return;
        event.preventDefault();
        const { top, height } = section.current!.getBoundingClientRect();
        setDropPlace(event.clientY < top + height / 2 ? "above" : "below");
      }}
      onDragLeave={() => setDropPlace(undefined)}
      onPaste={(event) => {
        const images = type === "markdown" ? imagesIn(event.clipboardData) : [];
        if (images.length === 0) return;
        event.preventDefault();
        attach(images);
      }}
      onDrop={(event) => {
        if (takesFiles(event.dataTransfer)) {
          event.preventDefault();
          return attach(imagesIn(event.dataTransfer));
        }
        if (!event.dataTransfer?.types.includes(DRAGGED)) return;
        event.preventDefault();
        setDropPlace(undefined);
        notebook.moveTo(notebook.indexOf(cell) + (dropPlace === "below" ? 1 : 0));
      }}
      onMouseDown={(event) => {
        if (event.shiftKey && !editing) {
          event.preventDefault();
          return notebook.extendTo(cell);
        }
        if (!isInside(event.target, ".prompt, .code-editor, button, a, input, select, summary")) {
          notebook.select(cell);
        }
      }}
    >
      <Prompt cell={cell} page={page} />
      <div class="cell-body">
        {rendered
          ? (
            <div
              class="rendered"
              onDblClick={() => notebook.select(cell, "edit")}
              title="Double-click to edit"
            >
              <MarkdownView
                source={cell.source.value || "*Empty. Double-click to edit.*"}
                attachments={cell.attachments.value}
              />
            </div>
          )
          : (
            <CodeEditor
              key={type}
              source={cell.source}
              language={type}
              codeLanguage={language}
              label={`Text of cell ${index + 1}`}
              focused={editing}
              focusRequest={notebook.focusRequests.value}
              lineNumbers={notebook.lineNumbers.value && type === "code"}
              kernelId={() => session.kernelId.peek()}
              keepsCursor={() => notebook.isFollowing}
              marked={() => markedIn(page, cell)}
              actions={{
                onChange: (text) => notebook.edit(cell, text),
                onFocus: () => notebook.select(cell, "edit"),
                onEscape: () => renderNow(() => notebook.select(cell, "command")),
                onLeave: (by) => {
                  const moved = notebook.selectBeside(by);
                  const next = notebook.selected.peek();
                  if (moved && next?.type.peek() === "code") notebook.select(next, "edit");
                  return moved;
                },
                onSplit: (position) => notebook.split(cell, position),
                onImages: attach,
              }}
            />
          )}
        {type === "code" && (
          <div data-testid={`output-${index}`}>
            <LiveSession.Provider value={session}>
              <OutputArea
                outputs={cell.outputs.value}
                collapsed={cell.outputsCollapsed.value}
                onToggle={() => notebook.toggleOutputs(cell)}
              />
            </LiveSession.Provider>
            {cell.installing.value.length > 0 && (
              <p class="installing" role="status">
                Installing {cell.installing.value.join(", ")} …
              </p>
            )}
            {cell.inputRequest.value && (
              <InputField
                request={cell.inputRequest.value}
                onAnswer={(value) => {
                  section.current?.focus();
                  void session.answer(cell, value);
                }}
              />
            )}
            {language !== session.language.value && (
              <p class="cell-language" data-testid={`language-${index}`}>
                {CELL_LANGUAGES.find(({ name }) =>
                  name === language
                )?.displayName}
              </p>
            )}
            <RunTime cell={cell} />
          </div>
        )}
      </div>
    </section>
  );
}

/**
 * The execution count of a code cell, and the button that runs or interrupts it. The cell is dragged by it,
 * together with the others that are selected.
 */
function Prompt({ cell, page: { session } }: { cell: Cell; page: Page }) {
  const { notebook } = session;
  const isCode = cell.type.value === "code";
  const waits = cell.state.value !== "idle";
  const count = waits ? "*" : cell.executionCount.value ?? " ";
  return (
    <div
      class="prompt"
      draggable
      title="Drag to move"
      onMouseDown={({ shiftKey }) => {
        if (!shiftKey && !notebook.selection.peek().includes(cell)) notebook.select(cell);
      }}
      onClick={({ shiftKey }) => {
        if (!shiftKey) notebook.select(cell);
      }}
      onDragStart={(event) => {
        event.dataTransfer!.setData(DRAGGED, cell.id);
        event.dataTransfer!.effectAllowed = "move";
      }}
    >
      {levelOf(cell) !== undefined && <FoldButton cell={cell} notebook={notebook} />}
      {isCode && <span title={cell.state.value}>[{count}]</span>}
      {isCode && (
        <button
          type="button"
          class="run-cell"
          aria-label={waits ? "Interrupt" : "Run this cell"}
          title={waits ? "Interrupt" : "Run this cell"}
          onClick={(event) => {
            event.stopPropagation();
            void (waits ? session.interrupt() : session.run(cell));
          }}
        >
          {waits ? "◼" : "▶"}
        </button>
      )}
      {session.staleness.stale.value.includes(cell.id) && (
        <span
          class="stale-mark"
          data-testid="stale"
          title="Something that this cell needs has changed"
        >
          stale
        </span>
      )}
    </div>
  );
}

/** The button that folds the cells below a heading. */
function FoldButton({ cell, notebook }: { cell: Cell; notebook: Notebook }) {
  const isFolded = notebook.folded.value.has(cell.id);
  return (
    <button
      type="button"
      class="fold-heading"
      data-testid="fold-heading"
      aria-expanded={!isFolded}
      aria-label={isFolded
        ? "Show the cells below this heading"
        : "Fold the cells below this heading"}
      onClick={(event) => {
        event.stopPropagation();
        notebook.toggleFold(cell);
      }}
    >
      {isFolded ? "▸" : "▾"}
    </button>
  );
}

/** Returns the places in a cell that the open search has found. */
function markedIn({ search }: Page, cell: Cell): MarkedRange[] {
  const open = search.value;
  if (!open) return [];
  const { current } = open;
  return open.found.value.filter((it) => it.cell === cell)
    .map((it) => ({ from: it.from, to: it.to, isCurrent: it === current }));
}

/** The type of the data of a drag of cells within the page. */
const DRAGGED = "application/x-notebook-cells";

function classOf(names: Record<string, boolean>): string {
  return Object.keys(names).filter((name) => names[name]).join(" ");
}

function isInside(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
