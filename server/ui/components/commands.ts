import type { Session } from "../notebook/session.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** The names of the page's dialogs. */
export type DialogName = "help" | "open" | "conflict" | "versions" | "save-as";

/** A `Page` is the open notebook with everything that commands and views act on. */
export interface Page {
  workspace: Workspace;
  session: Session;
  /** Opens a dialog. */
  show(dialog: DialogName): void;
}

/** A `Command` is an action that keys and buttons can start. */
export interface Command {
  /** The keys that start the command, such as `Shift-M`; `dd` is the key `d` pressed twice. */
  keys: string[];
  label: string;
  /** Set for the commands that undo in a field beside the notebook when that has the focus. */
  history?: "undo" | "redo";
  run(page: Page): void;
}

/** Runs the selected cell and selects the next one, which is created if there is none. */
export function runAndAdvance({ session }: Page): void {
  const { notebook } = session;
  const cell = notebook.selected.peek();
  if (!cell) return;
  void session.run(cell);
  if (!notebook.selectBeside(1)) {
    notebook.select(notebook.insert("below"), "edit");
  }
}

/** Runs the selected cell and keeps it selected. */
export function runHere({ session }: Page): void {
  const cell = session.notebook.selected.peek();
  if (!cell) return;
  session.notebook.mode.value = "command";
  void session.run(cell);
}

/** Runs the selected cell and inserts a new one below. */
export function runAndInsert({ session }: Page): void {
  const { notebook } = session;
  const cell = notebook.selected.peek();
  if (!cell) return;
  void session.run(cell);
  notebook.select(notebook.insert("below"), "edit");
}

/** Restarts the kernel if the reader confirms that its variables may be lost. */
export function restart({ session }: Page): void {
  if (confirm("Restart the kernel? Its variables are lost.")) void session.restart();
}

/** Restarts the kernel and runs every cell, if the reader confirms that variables may be lost. */
export async function restartAndRunAll({ session }: Page): Promise<void> {
  if (!confirm("Restart the kernel and run every cell? Its variables are lost.")) return;
  await session.restart();
  await session.runAll();
}

/** The commands of the command mode, in the order of the help dialog. */
export const COMMANDS: readonly Command[] = [
  { keys: ["Enter"], label: "Edit the cell", run: ({ session }) => edit(session) },
  { keys: ["k", "ArrowUp"], label: "Cell above", run: move(-1) },
  { keys: ["j", "ArrowDown"], label: "Cell below", run: move(1) },
  {
    keys: ["a"],
    label: "Insert a cell above",
    run: ({ session }) => void session.notebook.insert("above"),
  },
  {
    keys: ["b"],
    label: "Insert a cell below",
    run: ({ session }) => void session.notebook.insert("below"),
  },
  { keys: ["x"], label: "Cut the cell", run: ({ session }) => session.notebook.cut() },
  { keys: ["c"], label: "Copy the cell", run: ({ session }) => session.notebook.copy() },
  { keys: ["v"], label: "Paste below", run: ({ session }) => session.notebook.paste() },
  {
    keys: ["dd"],
    label: "Delete the cell",
    run: withSelected((s, cell) => s.notebook.remove(cell)),
  },
  { keys: ["z"], label: "Undo", run: undo },
  { keys: ["Shift-Z"], label: "Redo", run: redo },
  {
    keys: ["Alt-ArrowUp"],
    label: "Move the cell up",
    run: ({ session }) => session.notebook.move(-1),
  },
  {
    keys: ["Alt-ArrowDown"],
    label: "Move the cell down",
    run: ({ session }) => session.notebook.move(1),
  },
  { keys: ["m"], label: "Make it Markdown", run: withSelected(setType("markdown")) },
  { keys: ["y"], label: "Make it code", run: withSelected(setType("code")) },
  { keys: ["r"], label: "Make it raw text", run: withSelected(setType("raw")) },
  {
    keys: ["Shift-M"],
    label: "Merge with the cell below",
    run: withSelected((s, cell) => s.notebook.mergeBelow(cell)),
  },
  {
    keys: ["o"],
    label: "Show or hide the outputs",
    run: withSelected((s, cell) => s.notebook.toggleOutputs(cell)),
  },
  {
    keys: ["Shift-O"],
    label: "Clear the outputs",
    run: withSelected((s, cell) => s.notebook.clearOutputs(cell)),
  },
  {
    keys: ["l"],
    label: "Line numbers",
    run: ({ session: { notebook } }) => notebook.lineNumbers.value = !notebook.lineNumbers.peek(),
  },
  { keys: ["ii"], label: "Interrupt the kernel", run: ({ session }) => void session.interrupt() },
  { keys: ["00"], label: "Restart the kernel", run: restart },
  { keys: ["s"], label: "Save", run: ({ workspace }) => void workspace.save() },
  { keys: ["h", "?"], label: "Show this list", run: (page) => page.show("help") },
];

/** Keys that work in both modes. */
export const GLOBAL_KEYS: readonly Command[] = [
  { keys: ["Shift-Enter"], label: "Run, go to the next cell", run: runAndAdvance },
  { keys: ["Ctrl-Enter", "Meta-Enter"], label: "Run", run: runHere },
  { keys: ["Alt-Enter"], label: "Run, insert a cell below", run: runAndInsert },
  { keys: ["Ctrl-z", "Meta-z"], label: "Undo, of text and of cells", history: "undo", run: undo },
  {
    keys: ["Ctrl-Shift-Z", "Meta-Shift-Z", "Ctrl-y"],
    label: "Redo",
    history: "redo",
    run: redo,
  },
  { keys: ["Ctrl-s", "Meta-s"], label: "Save", run: ({ workspace }) => void workspace.save() },
];

type SelectedCell = NonNullable<Session["notebook"]["selected"]["value"]>;

function withSelected(action: (session: Session, cell: SelectedCell) => void) {
  return ({ session }: Page) => {
    const cell = session.notebook.selected.peek();
    if (cell) action(session, cell);
  };
}

function undo({ session }: Page): void {
  session.notebook.undo();
}

function redo({ session }: Page): void {
  session.notebook.redo();
}

function setType(type: "code" | "markdown" | "raw") {
  return ({ notebook }: Session, cell: SelectedCell) => notebook.setType(cell, type);
}

function move(by: 1 | -1) {
  return ({ session }: Page) => void session.notebook.selectBeside(by);
}

function edit({ notebook }: Session): void {
  const cell = notebook.selected.peek();
  if (cell) notebook.select(cell, "edit");
}
