import { useEffect, useState } from "preact/hooks";
import { listNotebooks } from "../api/notebooks.ts";
import type { NotebookEntry } from "../api/types.ts";
import { forgetNotebook, recentNotebooks } from "../notebook/storage.ts";
import type { StoredNotebook } from "../notebook/stored_notebook.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { COMMANDS, GLOBAL_KEYS } from "./commands.ts";
import { Dialog } from "./dialog.tsx";

/** The dialog that lists the keys. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <table class="keys">
        <caption>Everywhere</caption>
        <tbody>
          {GLOBAL_KEYS.map((it) => <KeyRow key={it.label} {...it} />)}
          <KeyRow keys={["Tab"]} label="Complete, or indent" />
          <KeyRow keys={["Shift-Tab"]} label="What is this?" />
          <KeyRow keys={["Ctrl-Shift-−"]} label="Split the cell" />
          <KeyRow keys={["Escape"]} label="To the command mode" />
        </tbody>
      </table>
      <table class="keys">
        <caption>In the command mode</caption>
        <tbody>{COMMANDS.map((it) => <KeyRow key={it.label} {...it} />)}</tbody>
      </table>
    </Dialog>
  );
}

function KeyRow({ keys, label }: { keys: string[]; label: string }) {
  return (
    <tr>
      <th scope="row">{keys.map((key) => <kbd key={key}>{key.replace("Arrow", "")}</kbd>)}</th>
      <td>{label}</td>
    </tr>
  );
}

/** The dialog that opens a notebook from the reader's machine, the server or the browser. */
export function OpenDialog({ workspace, onClose }: { workspace: Workspace; onClose: () => void }) {
  const [recent, setRecent] = useState<StoredNotebook[]>([]);
  const [onServer, setOnServer] = useState<NotebookEntry[]>();
  const [problem, setProblem] = useState("");

  useEffect(() => {
    void recentNotebooks().then(setRecent);
    if (!workspace.server.peek()?.notebooks) return;
    listNotebooks().then(setOnServer, (error) => setProblem(error.message));
  }, []);

  async function open(action: () => Promise<void>) {
    try {
      await action();
      onClose();
    } catch (error) {
      setProblem((error as Error).message);
    }
  }

  return (
    <Dialog title="Open a notebook" onClose={onClose}>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <label class="button">
        A file of this machine…
        <input
          type="file"
          accept=".ipynb,application/x-ipynb+json"
          class="hidden-input"
          data-testid="open-file"
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file) void open(() => workspace.openFile(file));
          }}
        />
      </label>
      {onServer && (
        <>
          <h3>On the server</h3>
          {onServer.length === 0 && <p class="muted">None.</p>}
          <ul class="rows">
            {onServer.map(({ path, modified }) => (
              <li key={path}>
                <button
                  type="button"
                  class="link"
                  onClick={() => void open(() => workspace.openFromServer(path))}
                >
                  {path}
                </button>
                <span class="muted">{new Date(modified).toLocaleString()}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>In this browser</h3>
      <ul class="rows">
        {recent.map(({ id, title, savedAt }) => (
          <li key={id}>
            <button
              type="button"
              class="link"
              onClick={() => void open(() => workspace.openStored(id))}
            >
              {title || "Untitled"}
            </button>
            <span class="muted">{new Date(savedAt).toLocaleString()}</span>
            <button
              type="button"
              aria-label={`Forget ${title}`}
              onClick={() => {
                if (!confirm(`Forget "${title}"? It is only kept here.`)) return;
                setRecent(recent.filter((it) => it.id !== id));
                void forgetNotebook(id);
              }}
            >
              Forget
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
