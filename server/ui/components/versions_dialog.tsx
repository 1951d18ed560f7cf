import { useEffect, useState } from "preact/hooks";
import { listVersions, type NotebookVersion, readVersion } from "../api/notebooks.ts";
import { parseIpynb } from "../notebook/ipynb.ts";
import { formatBytes } from "../panels/format.ts";
import type { Page } from "./commands.ts";
import { Dialog } from "./dialog.tsx";
import { VersionView } from "./version_view.tsx";

/** The dialog that shows the kept versions of a notebook and restores one. */
export function VersionsDialog({ page, onClose }: { page: Page; onClose: () => void }) {
  const { session: { notebook }, workspace } = page;
  const path = notebook.serverCopy.value?.path;
  const [versions, setVersions] = useState<NotebookVersion[]>();
  const [shown, setShown] = useState<{ id: string; text: string }>();
  const [problem, setProblem] = useState("");
  const fail = (error: Error) => setProblem(error.message);

  useEffect(() => {
    if (path !== undefined) listVersions(path).then(setVersions, fail);
  }, [path]);

  async function restore(text: string) {
    try {
      await workspace.restore(text);
      onClose();
    } catch (error) {
      fail(error as Error);
    }
  }

  return (
    <Dialog title="Versions" onClose={onClose}>
      {problem && <p class="problem" role="alert">{problem}</p>}
      {path === undefined && (
        <p class="muted">
          The server keeps versions of notebooks that it saves. It has not this one.
        </p>
      )}
      {versions?.length === 0 && <p class="muted">There are no older versions yet.</p>}
      <ul class="rows">
        {versions?.map(({ id, replacedAt, size }) => (
          <li key={id}>
            <button
              type="button"
              class="link"
              data-testid="version"
              aria-pressed={shown?.id === id}
              onClick={() =>
                void readVersion(path!, id).then((text) => setShown({ id, text }), fail)}
            >
              Until {new Date(replacedAt).toLocaleString()}
            </button>
            <span class="muted">{formatBytes(size)}</span>
          </li>
        ))}
      </ul>
      {shown && (
        <>
          <VersionView
            title="This version"
            sources={parseIpynb(shown.text).cells.map(({ source }) => source.peek())}
            others={notebook.cells.value.map(({ source }) => source.value)}
          />
          <button type="button" data-testid="restore" onClick={() => void restore(shown.text)}>
            Restore this version
          </button>
        </>
      )}
    </Dialog>
  );
}
