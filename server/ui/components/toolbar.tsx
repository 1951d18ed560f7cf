import type { ComponentChildren } from "preact";
import type { CellType } from "../notebook/cell.ts";
import { scriptLanguage } from "../../services/notebooks/format/languages.ts";
import { createCell } from "../notebook/cell.ts";
import { Menu } from "./menu.tsx";
import {
  type Page,
  restart,
  restartAndRunAll,
  runAbove,
  runAndAdvance,
  runBelow,
} from "./commands.ts";

/** Options for {@linkcode Toolbar}. */
export interface ToolbarProps {
  page: Page;
  onPanels: () => void;
  panelsOpen: boolean;
}

/** The buttons of the notebook's commands. */
export function Toolbar({ page, onPanels, panelsOpen }: ToolbarProps) {
  const { session, workspace } = page;
  const { notebook } = session;
  const type = notebook.selected.value?.type.value ?? "code";
  function add(type: CellType) {
    notebook.select(notebook.insert("below", createCell(type)), "edit");
  }
  return (
    <div class="toolbar" role="toolbar" aria-label="Notebook">
      <Group>
        <Tool name="new" label="New notebook" onClick={() => workspace.create()}>New</Tool>
        <Tool name="open" label="Open a notebook" onClick={() => page.show("open")}>Open</Tool>
        <Tool name="save" label="Save (Ctrl-S)" onClick={() => void workspace.save()}>Save</Tool>
        <Menu
          name="file-menu"
          label="File"
          items={[
            { name: "new-with", label: "New notebook with…", run: () => page.show("new") },
            {
              name: "save-as",
              label: "Save as…",
              disabled: !workspace.server.value?.notebooks,
              run: () => page.show("save-as"),
            },
            { name: "versions", label: "Versions…", run: () => page.show("versions") },
            {
              name: "view",
              label: "View, to show it",
              disabled: notebook.serverCopy.value === null,
              run: () =>
                void open(`/view/${encodeURI(notebook.serverCopy.peek()!.path)}`, "_blank"),
            },
            {
              name: "app-link",
              label: "Share as an app…",
              disabled: !workspace.server.value?.notebooks,
              run: () => page.show("app-link"),
            },
            { name: "download", label: "Download .ipynb", run: () => workspace.download() },
            {
              name: "export-script",
              label: `Export as ${scriptLanguage(session.language.value).displayName}`,
              run: () => void workspace.export("script"),
            },
            {
              name: "export-html",
              label: "Export as HTML",
              run: () => void workspace.export("html"),
            },
            { name: "print", label: "Print…", run: () => print() },
          ]}
        />
      </Group>
      <Group>
        <Tool name="add-code" label="Add a code cell (b)" onClick={() => add("code")}>+ Code</Tool>
        <Tool name="add-markdown" label="Add a text cell" onClick={() => add("markdown")}>
          + Text
        </Tool>
      </Group>
      <Group name="run-group">
        <Tool
          name="run"
          label="Run the cell (Shift-Enter)"
          primary
          onClick={() => runAndAdvance(page)}
        >
          ▶ Run
        </Tool>
        <Tool name="run-all" label="Run all cells" onClick={() => void session.runAll()}>
          Run all
        </Tool>
        <Tool
          name="interrupt"
          label="Stop: interrupt the kernel (i i)"
          disabled={!session.isBusy.value && session.status.value !== "busy"}
          onClick={() => void session.interrupt()}
        >
          ◼ Stop
        </Tool>
        <Tool name="restart" label="Restart the kernel (0 0)" onClick={() => restart(page)}>
          ↻ Restart
        </Tool>
        <Menu
          name="run-menu"
          label="More"
          items={[
            {
              name: "restart-run-all",
              label: "Restart and run all",
              run: () => void restartAndRunAll(page),
            },
            { name: "change-kernel", label: "Change kernel…", run: () => page.show("kernel") },
            { name: "run-above", label: "Run above", run: () => runAbove(page) },
            { name: "run-below", label: "Run this and below", run: () => runBelow(page) },
            {
              name: "run-stale",
              label: `Run stale cells (${session.staleness.stale.value.length})`,
              disabled: session.staleness.stale.value.length === 0,
              run: () => void session.runStale(),
            },
            {
              name: "reactive",
              label: session.reactive.isOn.value
                ? "Turn reactive mode off"
                : "Turn reactive mode on: stale cells run by themselves",
              run: () => session.reactive.toggle(),
            },
          ]}
        />
      </Group>
      <Group>
        <Tool name="up" label="Move the cell up (Alt-Up)" onClick={() => notebook.move(-1)}>↑</Tool>
        <Tool name="down" label="Move the cell down (Alt-Down)" onClick={() => notebook.move(1)}>
          ↓
        </Tool>
        <Tool
          name="delete"
          label="Delete the cell (d d)"
          onClick={() => notebook.remove(...notebook.selection.peek())}
        >
          ✕
        </Tool>
        <select
          aria-label="Type of the cell"
          value={type}
          onChange={(event) =>
            notebook.setType(notebook.selection.peek(), event.currentTarget.value as CellType)}
        >
          <option value="code">Code</option>
          <option value="markdown">Markdown</option>
          <option value="raw">Raw</option>
        </select>
      </Group>
      <Group name="end">
        {session.reactive.isOn.value && (
          <Tool
            name="reactive-on"
            label="Reactive mode: stale cells run by themselves. Click to turn it off"
            pressed
            onClick={() => session.reactive.toggle()}
          >
            ⚡ Reactive
          </Tool>
        )}
        <Tool name="help" label="Keys (h)" onClick={() => page.show("help")}>?</Tool>
        <Tool
          name="panels"
          label="Variables, files, kernels"
          pressed={panelsOpen}
          onClick={onPanels}
        >
          ☰
        </Tool>
      </Group>
    </div>
  );
}

function Group({ children, name = "" }: { children: ComponentChildren; name?: string }) {
  return <div class={`tool-group ${name}`}>{children}</div>;
}

interface ToolProps {
  name: string;
  label: string;
  onClick: () => void;
  children: string;
  primary?: boolean;
  disabled?: boolean;
  pressed?: boolean;
}

function Tool({ name, label, onClick, children, primary, disabled = false, pressed }: ToolProps) {
  return (
    <button
      type="button"
      class={primary ? "tool primary" : "tool"}
      data-testid={name}
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      disabled={disabled}
      // A click leaves the focus in the notebook.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
