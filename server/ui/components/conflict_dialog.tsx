import { useEffect, useState } from "preact/hooks";
import { readNotebook } from "../api/notebooks.ts";
import { parseIpynb } from "../notebook/ipynb.ts";
import type { Page } from "./commands.ts";
import { Dialog } from "./dialog.tsx";
import { VersionView } from "./version_view.tsx";

/** The dialog that shows both versions of a notebook that another program has changed too. */
export function ConflictDialog({ page, onClose }: { page: Page; onClose: () => void }) {
  const { session: { notebook }, workspace } = page;
  const [path] = useState(() => notebook.serverCopy.peek()?.path ?? "");
  const [theirs, setTheirs] = useState<string[]>();
  const [problem, setProblem] = useState("");
  const [name, setName] = useState(`${path.replace(/\.ipynb$/, "")} (mine)`);
  const mine = notebook.cells.value.map(({ source }) => source.value);

  useEffect(() => {
    readNotebook(path).then(
      ({ text }) => setTheirs(parseIpynb(text).cells.map(({ source }) => source.peek())),
      (error) => setProblem(error.message),
    );
  }, []);

  async function answer(action: () => Promise<void>) {
    try {
      await action();
      onClose();
    } catch (error) {
      setProblem((error as Error).message);
    }
  }

  return (
    <Dialog title="Two versions" onClose={onClose}>
      <p>
        Another program has changed <b>{path}</b>{" "}
        while it was changed here. Nothing is written until you decide. The other version stays
        among the versions of the notebook.
      </p>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <div class="both-versions">
        <VersionView title="Mine" sources={mine} others={theirs} />
        <VersionView title="Theirs" sources={theirs ?? []} others={mine} />
      </div>
      <div class="answers">
        <button
          type="button"
          data-testid="keep-mine"
          onClick={() => void answer(() => workspace.resolve("mine"))}
        >
          Keep mine
        </button>
        <button
          type="button"
          data-testid="take-theirs"
          onClick={() => void answer(() => workspace.resolve("theirs"))}
        >
          Take theirs
        </button>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void answer(() => workspace.keepBoth(name));
          }}
        >
          <label>
            Save mine as
            <input
              data-testid="mine-name"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
          <button type="submit" data-testid="keep-both">Keep both</button>
        </form>
      </div>
    </Dialog>
  );
}
