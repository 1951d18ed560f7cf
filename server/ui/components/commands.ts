import type { Session } from "../notebook/session.ts";
import type { Workspace } from "../notebook/workspace.ts";

/** What is open, for commands and views. */
export interface Page {
  workspace: Workspace;
  session: Session;
  /** Shows the list of keys. */
  showHelp(): void;
}

/** Something that keys and buttons can ask for. */
export interface Command {
  /** Keys of the command mode: two that follow each other are written together. */
  keys: string[];
  label: string;
  run(page: Page): void;
}

/** Runs the selected cell, and goes to the next one if there is one or makes one. */
export function runAndAdvance({ session }: Page): void {
  const { notebook } = session;
  const cell = notebook.selected.peek();
  if (!cell) return;
  void session.run(cell);
  if (!notebook.selectBeside(1)) {
    notebook.select(notebook.insert("below"), "edit");
  }
}

/** Runs the selected cell. */
export function runHere({ session }: Page): void {
  const cell = session.notebook.selected.peek();
  if (!cell) return;
  session.notebook.mode.value = "command";
  void session.run(cell);
}

/** Runs the selected cell and puts a new one below. */
export function runAndInsert({ session }: Page): void {
  const { notebook } = session;
  const cell = notebook.selected.peek();
  if (!cell) return;
  void session.run(cell);
  notebook.select(notebook.insert("below"), "edit");
}

/** Asks first: variables are lost. */
export function restart({ session }: Page): void {
  if (confirm("Restart the kernel? Its variables are lost.")) void session.restart();
}

/** Asks first, and runs every cell in the fresh interpreter. */
export async function restartAndRunAll({ session }: Page): Promise<void> {
  if (!confirm("Restart the kernel and run every cell? Its variables are lost.")) return;
  await session.restart();
  await session.runAll();
}

/** What the keys of the command mode do, in the order of the help. */
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
  { keys: ["z"], label: "Undo deleting", run: ({ session }) => session.notebook.undoRemove() },
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
    run: withSelected((_, cell) => cell.outputsCollapsed.value = !cell.outputsCollapsed.peek()),
  },
  {
    keys: ["l"],
    label: "Line numbers",
    run: ({ session: { notebook } }) => notebook.lineNumbers.value = !notebook.lineNumbers.peek(),
  },
  { keys: ["ii"], label: "Interrupt the kernel", run: ({ session }) => void session.interrupt() },
  { keys: ["00"], label: "Restart the kernel", run: restart },
  { keys: ["s"], label: "Save", run: ({ workspace }) => void workspace.save() },
  { keys: ["h", "?"], label: "Show this list", run: (page) => page.showHelp() },
];

/** Keys that work in both modes. */
export const GLOBAL_KEYS: readonly Command[] = [
  { keys: ["Shift-Enter"], label: "Run, go to the next cell", run: runAndAdvance },
  { keys: ["Ctrl-Enter", "Meta-Enter"], label: "Run", run: runHere },
  { keys: ["Alt-Enter"], label: "Run, insert a cell below", run: runAndInsert },
  { keys: ["Ctrl-s", "Meta-s"], label: "Save", run: ({ workspace }) => void workspace.save() },
];

type SelectedCell = NonNullable<Session["notebook"]["selected"]["value"]>;

function withSelected(action: (session: Session, cell: SelectedCell) => void) {
  return ({ session }: Page) => {
    const cell = session.notebook.selected.peek();
    if (cell) action(session, cell);
  };
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
