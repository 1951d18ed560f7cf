import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Workspace } from "../workspace/workspace.ts";
import { ErrorBoundary } from "../outputs/error_boundary.tsx";
import type { Search } from "../search/search.ts";
import { SearchBar } from "../search/search_bar.tsx";
import { SidePanels } from "../panels/side_panels.tsx";
import { savedWidgets } from "../widgets/saved_widgets.ts";
import { widgetsOf } from "../widgets/session_widgets.ts";
import { SavedWidgets } from "../widgets/saved_widgets_context.ts";
import { CellView } from "./cell_view.tsx";
import type { DialogName, Page } from "./commands.ts";
import { AppLinkDialog } from "./app_link_dialog.tsx";
import { ConflictDialog } from "./conflict_dialog.tsx";
import { Examples } from "./examples.tsx";
import { HelpDialog, OpenDialog } from "./dialogs.tsx";
import { Elsewhere } from "./elsewhere.tsx";
import { Header } from "./header.tsx";
import { InsertBar } from "./insert_bar.tsx";
import { ChangeKernelDialog, NewNotebookDialog } from "./kind_dialogs.tsx";
import { listenToKeys } from "./keyboard.ts";
import { TextPager } from "./pager.tsx";
import { Palette } from "./palette.tsx";
import { renderNow } from "./render_now.ts";
import { SaveAsDialog } from "./save_as_dialog.tsx";
import { Toolbar } from "./toolbar.tsx";
import { VersionsDialog } from "./versions_dialog.tsx";

/** The smallest width, in pixels, of a window in which the panels are open at first. */
const WIDE = 1100;

/** The whole page: header, toolbar, cells, panels and dialogs. */
export function App({ workspace }: { workspace: Workspace }) {
  const session = workspace.session.value;
  const [dialog, setDialog] = useState<DialogName>();
  const search = useSignal<Search | null>(null);
  useEffect(() => void (search.value = null), [session]);
  const metadata = session?.notebook.metadata.value ?? {};
  const saved = useMemo(() => savedWidgets(metadata), [metadata["widgets"]]);
  // A cell may print into a widget before the widget is shown.
  useEffect(() => void (session && widgetsOf(session)), [session]);
  const [panels, setPanels] = useState(innerWidth >= WIDE);
  const page: Page | undefined = session
    ? { workspace, session, search, show: setDialog }
    : undefined;
  const current = useRef(page);
  current.current = page;
  useEffect(() => listenToKeys(() => current.current), []);
  useEffect(() => {
    document.title = `${session?.notebook.title.value ?? ""} · Deno Code Interpreter`;
  }, [session?.notebook.title.value]);

  const elsewhere = workspace.elsewhere.value;
  if (elsewhere !== null) return <Elsewhere workspace={workspace} id={elsewhere} />;
  if (!page || !session) return <p class="loading">Opening…</p>;
  const close = () => {
    // The page behind a dialog takes no focus before the dialog is removed.
    renderNow(() => setDialog(undefined));
    renderNow(() => workspace.session.peek()?.notebook.requestFocus());
  };
  return (
    <div class={panels ? "page with-panels" : "page"}>
      <header class="top">
        <h1 class="unseen">{session.notebook.title.value || "Untitled"}</h1>
        <Header page={page} />
        <Toolbar
          page={page}
          onPanels={() => setPanels(!panels)}
          panelsOpen={panels}
        />
        {search.value && (
          <SearchBar
            search={search.value}
            onClose={() => {
              search.value = null;
              session.notebook.requestFocus();
            }}
          />
        )}
      </header>
      <Messages page={page} />
      <main class="notebook" key={session.notebook.id}>
        <SavedWidgets.Provider value={saved}>
          {session.notebook.cells.value.map((cell, index) => (
            <div class="cell-place" key={cell.id} hidden={session.notebook.hidden.value.has(cell)}>
              <CellView page={page} cell={cell} index={index} />
              <InsertBar page={page} cell={cell} />
            </div>
          ))}
        </SavedWidgets.Provider>
        <Examples page={page} />
        <button
          type="button"
          class="add-cell"
          onClick={() => {
            const { notebook } = session;
            notebook.select(notebook.cells.peek().at(-1)!);
            notebook.select(notebook.insert("below"), "edit");
          }}
        >
          + Add a cell
        </button>
      </main>
      <TextPager session={session} />
      {panels && (
        <ErrorBoundary
          value={session.activity.value}
          fallback={({ message }) => <p class="problem">This panel cannot be shown: {message}</p>}
        >
          <SidePanels
            session={session}
            activity={session.activity.value}
            onOpenNotebook={(id) => void workspace.openStored(id)}
          />
        </ErrorBoundary>
      )}
      {dialog === "help" && <HelpDialog onClose={close} />}
      {dialog === "conflict" && <ConflictDialog page={page} onClose={close} />}
      {dialog === "versions" && <VersionsDialog page={page} onClose={close} />}
      {dialog === "palette" && <Palette page={page} onClose={close} />}
      {dialog === "app-link" && <AppLinkDialog page={page} onClose={close} />}
      {dialog === "save-as" && <SaveAsDialog page={page} onClose={close} />}
      {dialog === "new" && <NewNotebookDialog page={page} onClose={close} />}
      {dialog === "kernel" && <ChangeKernelDialog page={page} onClose={close} />}
      {dialog === "open" && <OpenDialog workspace={workspace} onClose={close} />}
    </div>
  );
}

/** The messages above the cells: a lost kernel, a failure, a notice. */
function Messages({ page: { workspace, session, show } }: { page: Page }) {
  const missing = session.missingKind.value;
  const status = session.status.value;
  return (
    <div class="messages">
      {(status === "gone" || status === "dead") && (
        <p class="message problem" role="alert">
          {status === "gone"
            ? "The kernel of this notebook has ended: its variables are lost, the outputs are not."
            : "The kernel has died: its variables are lost."}
          <button type="button" data-testid="new-kernel" onClick={() => void session.restart()}>
            Start a new one
          </button>
        </p>
      )}
      {session.problem.value && (
        <p class="message problem" role="alert">
          {session.problem.value}
          <button type="button" onClick={() => session.problem.value = null}>Close</button>
        </p>
      )}
      {missing !== undefined && (
        <p class="message" role="status" data-testid="missing-kind">
          {`The notebook asks for the kernel "${missing}", which this server does not have: its cells ` +
            `run with ${session.kind.value?.displayName}.`}
          <button type="button" onClick={() => show("kernel")}>Change kernel…</button>
        </p>
      )}
      {workspace.message.value && (
        <p class="message" role="status">
          {workspace.message.value}
          <button type="button" onClick={() => workspace.message.value = ""}>Close</button>
        </p>
      )}
    </div>
  );
}
