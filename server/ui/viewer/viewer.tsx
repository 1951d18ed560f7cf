import { useEffect, useState } from "preact/hooks";
import { languageOf } from "../../services/notebooks/format/notebook_kind.ts";
import { readNotebook } from "../api/notebooks.ts";
import { ThemeButton } from "../components/theme_button.tsx";
import type { Cell } from "../notebook/cell.ts";
import { type Ipynb, parseIpynb } from "../notebook/ipynb.ts";
import { MarkdownView } from "../outputs/markdown.tsx";
import { OutputArea } from "../outputs/output_area.tsx";
import type { WidgetState } from "../widgets/messages.ts";
import { savedWidgets } from "../widgets/saved_widgets.ts";
import { SavedWidgets } from "../widgets/saved_widgets_context.ts";
import { StaticCode } from "./static_code.tsx";

/** A notebook, with the states of its widgets by id. */
interface Viewed extends Ipynb {
  widgets: ReadonlyMap<string, WidgetState>;
}

/** Shows a saved notebook to read: nothing can be changed or run, and no kernel is needed. */
export function Viewer({ path }: { path: string }) {
  const [notebook, setNotebook] = useState<Viewed>();
  const [problem, setProblem] = useState("");
  const title = path.split("/").at(-1)!.replace(/\.ipynb$/, "");
  useEffect(() => {
    document.title = title;
    readNotebook(path).then(
      ({ text }) => {
        const ipynb = parseIpynb(text);
        setNotebook({ ...ipynb, widgets: savedWidgets(ipynb.metadata) });
      },
      (error) => setProblem(error.message),
    );
  }, [path]);
  return (
    <div class="page viewer">
      <header class="top">
        <div class="header">
          <h1 class="title">{title}</h1>
          <a href={`/#/f/${encodeURI(path)}`}>Edit</a>
          <ThemeButton />
        </div>
      </header>
      <main class="notebook">
        {problem && <p class="problem" role="alert">{problem}</p>}
        {notebook && (
          <SavedWidgets.Provider value={notebook.widgets}>
            {notebook.cells.map((cell) => (
              <ReadOnlyCell key={cell.id} cell={cell} language={languageOf(notebook.metadata)} />
            ))}
          </SavedWidgets.Provider>
        )}
      </main>
    </div>
  );
}

function ReadOnlyCell({ cell, language }: { cell: Cell; language: string }) {
  const [isHidden, setHidden] = useState(cell.outputsCollapsed.peek());
  const type = cell.type.peek();
  const source = cell.source.peek();
  return (
    <section class={`cell ${type}`}>
      <div class="prompt">
        {type === "code" && <span>[{cell.executionCount.peek() ?? " "}]</span>}
      </div>
      <div class="cell-body">
        {type === "markdown"
          ? (
            <div class="rendered">
              <MarkdownView source={source} attachments={cell.attachments.peek()} />
            </div>
          )
          : source !== "" && (
            <StaticCode source={source} language={type === "code" ? language : null} />
          )}
        {type === "code" && (
          <OutputArea
            outputs={cell.outputs.peek()}
            collapsed={isHidden}
            onToggle={() => setHidden(!isHidden)}
          />
        )}
      </div>
    </section>
  );
}
