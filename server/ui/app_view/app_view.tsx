import { useEffect, useState } from "preact/hooks";
import { InputField } from "../components/input_field.tsx";
import { ThemeButton } from "../components/theme_button.tsx";
import type { Cell } from "../notebook/cell.ts";
import { MarkdownView } from "../outputs/markdown.tsx";
import { OutputArea } from "../outputs/output_area.tsx";
import { LiveSession } from "../session/live_session.ts";
import type { Session } from "../session/session.ts";
import { type OpenView, openView } from "./open_view.ts";

/** The state of a view: its cells run, all of them have run, or there is nothing to see any more. */
type State = "starting" | "running" | "ready" | "gone";

/** A notebook as an app: its text and its outputs, which come from a kernel of the viewer's own. */
export function AppView() {
  const [view, setView] = useState<OpenView>();
  const [state, setState] = useState<State>("starting");
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let isOpen = true;
    const opening = openView({
      onEnd: (problem) => {
        setProblem(problem);
        setState("ready");
      },
      onGone: () => setState("gone"),
    });
    opening.then((opened) => {
      if (!isOpen) return opened.leave();
      document.title = opened.session.notebook.title.value;
      setView(opened);
      setState((before) => before === "starting" ? "running" : before);
    }, (error) => {
      setProblem(error.message);
      setState("gone");
    });
    const leave = () => void opening.then((opened) => opened.leave(), () => {});
    addEventListener("pagehide", leave);
    return () => {
      isOpen = false;
      removeEventListener("pagehide", leave);
      leave();
    };
  }, []);
  // A kernel that has died shows nothing new.
  const status = view?.session.status.value;
  const isGone = state === "gone" || status === "gone" || status === "dead";
  return (
    <div class="page viewer app-view" data-state={isGone ? "gone" : state}>
      <header class="top">
        <div class="header">
          <h1 class="title">{view?.session.notebook.title.value ?? "Notebook"}</h1>
          <span class="muted" role="status">{isGone ? "" : NOTES[state]}</span>
          <ThemeButton />
        </div>
      </header>
      {(isGone || problem !== null) && (
        <div class="messages">
          <p class="message problem" role="alert">
            {problem ?? "This view has ended."}
            <button type="button" onClick={() => location.reload()}>Start again</button>
          </p>
        </div>
      )}
      <main class="notebook">
        {view && (
          <LiveSession.Provider value={view.session}>
            {view.session.notebook.cells.value.map((cell) => (
              <ShownCell key={cell.id} cell={cell} session={view.session} />
            ))}
          </LiveSession.Provider>
        )}
      </main>
    </div>
  );
}

const NOTES: Readonly<Record<State, string>> = {
  starting: "Starting…",
  running: "Running…",
  ready: "",
  gone: "",
};

/** A cell without its code: rendered text, or the outputs of the viewer's run. */
function ShownCell({ cell, session }: { cell: Cell; session: Session }) {
  const [isHidden, setHidden] = useState(false);
  const request = cell.inputRequest.value;
  if (cell.type.value === "markdown") {
    return (
      <section class="cell markdown">
        <div class="rendered">
          <MarkdownView source={cell.source.value} attachments={cell.attachments.value} />
        </div>
      </section>
    );
  }
  if (cell.outputs.value.length === 0 && !request) return null;
  return (
    <section class="cell code">
      <OutputArea
        outputs={cell.outputs.value}
        collapsed={isHidden}
        onToggle={() => setHidden(!isHidden)}
      />
      {request && (
        <InputField
          request={request}
          onAnswer={(value) => void session.answer(cell, value)}
        />
      )}
    </section>
  );
}
