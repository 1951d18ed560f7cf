import type { Signal } from "@preact/signals";
import { CELL_LANGUAGES } from "../../services/notebooks/format/cell_language.ts";
import { Search } from "../search/search.ts";
import type { Session } from "../session/session.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** The names of the page's dialogs. */
export type DialogName =
  | "help"
  | "open"
  | "conflict"
  | "versions"
  | "save-as"
  | "app-link"
  | "palette"
  | "new"
  | "kernel";

/** A `Page` is the open notebook with everything that commands and views act on. */
export interface Page {
  workspace: Workspace;
  session: Session;
  /** Opens a dialog. */
  show(dialog: DialogName): void;
  /** The open search; null if there is none. */
  search: Signal<Search | null>;
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

/** Runs the selected cells and selects the next one, which is created if there is none. */
export function runAndAdvance(page: Page): void {
  const { notebook } = page.session;
  runSelection(page);
  notebook.select(notebook.selection.peek().at(-1)!);
  if (!notebook.selectBeside(1)) {
    notebook.select(notebook.insert("below"), "edit");
  }
}

/** Runs the selected cells and keeps them selected. */
function runHere(page: Page): void {
  page.session.notebook.mode.value = "command";
  runSelection(page);
}

/** Runs the selected cells and inserts a new one below. */
function runAndInsert(page: Page): void {
  const { notebook } = page.session;
  runSelection(page);
  notebook.select(notebook.selection.peek().at(-1)!);
  notebook.select(notebook.insert("below"), "edit");
}

function runSelection({ session }: Page): void {
  void session.runAll(session.notebook.selection.peek());
}

/** Runs the cells above the selected ones. */
export function runAbove({ session }: Page): void {
  const { notebook } = session;
  const first = notebook.indexOf(notebook.selection.peek()[0]!);
  void session.runAll(notebook.cells.peek().slice(0, first));
}

/** Runs the first selected cell and those below it. */
export function runBelow({ session }: Page): void {
  const { notebook } = session;
  const first = notebook.indexOf(notebook.selection.peek()[0]!);
  void session.runAll(notebook.cells.peek().slice(first));
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
  {
    keys: ["Shift-K", "Shift-ArrowUp"],
    label: "Select the cell above too",
    run: ({ session }) => session.notebook.extend(-1),
  },
  {
    keys: ["Shift-J", "Shift-ArrowDown"],
    label: "Select the cell below too",
    run: ({ session }) => session.notebook.extend(1),
  },
  {
    keys: ["Ctrl-a", "Meta-a"],
    label: "Select all cells",
    run: ({ session }) => session.notebook.selectAll(),
  },
  { keys: ["x"], label: "Cut the cells", run: ({ session }) => session.notebook.cut() },
  { keys: ["c"], label: "Copy the cells", run: ({ session }) => session.notebook.copy() },
  { keys: ["v"], label: "Paste below", run: ({ session }) => session.notebook.paste() },
  {
    keys: ["dd"],
    label: "Delete the cells",
    run: ({ session: { notebook } }) => notebook.remove(...notebook.selection.peek()),
  },
  { keys: ["z"], label: "Undo", run: undo },
  { keys: ["Shift-Z"], label: "Redo", run: redo },
  {
    keys: ["Alt-ArrowUp"],
    label: "Move the cells up",
    run: ({ session }) => session.notebook.move(-1),
  },
  {
    keys: ["Alt-ArrowDown"],
    label: "Move the cells down",
    run: ({ session }) => session.notebook.move(1),
  },
  { keys: ["m"], label: "Make it Markdown", run: setType("markdown") },
  { keys: ["y"], label: "Make it code", run: setType("code") },
  { keys: ["r"], label: "Make it raw text", run: setType("raw") },
  {
    keys: ["Shift-M"],
    label: "Merge the cells, or one with the cell below",
    run: ({ session }) => session.notebook.merge(),
  },
  {
    keys: ["o"],
    label: "Show or hide the outputs",
    run: withSelected((s, cell) => s.notebook.toggleOutputs(cell)),
  },
  {
    keys: ["Shift-O"],
    label: "Clear the outputs",
    run: ({ session: { notebook } }) => notebook.clearOutputs(...notebook.selection.peek()),
  },
  {
    keys: ["l"],
    label: "Line numbers",
    run: ({ session: { notebook } }) => notebook.lineNumbers.value = !notebook.lineNumbers.peek(),
  },
  { keys: ["ii"], label: "Interrupt the kernel", run: ({ session }) => void session.interrupt() },
  { keys: ["00"], label: "Restart the kernel", run: restart },
  { keys: ["s"], label: "Save", run: ({ workspace }) => void workspace.save() },
  { keys: ["p"], label: "Find a command by its name", run: (page) => page.show("palette") },
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
  {
    keys: ["Ctrl-Shift-P", "Meta-Shift-P"],
    label: "Find a command",
    run: (page) => page.show("palette"),
  },
  { keys: ["Ctrl-f", "Meta-f"], label: "Find and replace in all cells", run: find },
  { keys: ["Ctrl-s", "Meta-s"], label: "Save", run: ({ workspace }) => void workspace.save() },
];

/** Commands that have no key of their own; the palette and the menus have them. */
export const OTHER_COMMANDS: readonly Command[] = [
  { keys: [], label: "Run all cells", run: ({ session }) => void session.runAll() },
  { keys: [], label: "Run the cells above", run: runAbove },
  { keys: [], label: "Run this cell and those below", run: runBelow },
  { keys: [], label: "Run the cells that are out of date", run: runStale },
  {
    keys: [],
    label: "Turn reactive mode on or off",
    run: ({ session }) => session.reactive.toggle(),
  },
  { keys: [], label: "Restart and run all cells", run: (page) => void restartAndRunAll(page) },
  {
    keys: [],
    label: "Clear the outputs of all cells",
    run: ({ session: { notebook } }) => notebook.clearOutputs(...notebook.cells.peek()),
  },
  ...CELL_LANGUAGES.map(({ name, displayName }) => ({
    keys: [],
    label: `Make it ${displayName} (in a Python notebook)`,
    run: setLanguage(name),
  })),
  { keys: [], label: "Make it the notebook's language", run: setLanguage(null) },
  { keys: [], label: "New notebook", run: ({ workspace }) => workspace.create() },
  { keys: [], label: "New notebook with…", run: (page) => page.show("new") },
  { keys: [], label: "Change kernel…", run: (page) => page.show("kernel") },
  { keys: [], label: "Open a notebook", run: (page) => page.show("open") },
  { keys: [], label: "Save as…", run: (page) => page.show("save-as") },
  { keys: [], label: "Share as an app…", run: (page) => page.show("app-link") },
  { keys: [], label: "Versions…", run: (page) => page.show("versions") },
  { keys: [], label: "Download .ipynb", run: ({ workspace }) => workspace.download() },
  {
    keys: [],
    label: "Export as a script",
    run: ({ workspace }) => void workspace.export("script"),
  },
  { keys: [], label: "Export as HTML", run: ({ workspace }) => void workspace.export("html") },
  { keys: [], label: "Print…", run: () => print() },
];

/** Runs the cells that are out of date. */
export function runStale({ session }: Page): void {
  void session.runStale();
}

/** Opens the search, or goes to its field. */
export function find({ search, session }: Page): void {
  if (!search.peek()) search.value = new Search(session.notebook);
  else document.querySelector<HTMLInputElement>(".search-bar input")?.select();
}

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
  return ({ session: { notebook } }: Page) => notebook.setType(notebook.selection.peek(), type);
}

function setLanguage(language: string | null) {
  return ({ session: { notebook } }: Page) =>
    notebook.setLanguage(notebook.selection.peek(), language);
}

function move(by: 1 | -1) {
  return ({ session }: Page) => void session.notebook.selectBeside(by);
}

function edit({ notebook }: Session): void {
  const cell = notebook.selected.peek();
  if (cell) notebook.select(cell, "edit");
}
