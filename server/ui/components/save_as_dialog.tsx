import { useState } from "preact/hooks";
import type { Page } from "./commands.ts";
import { Dialog } from "./dialog.tsx";

/** The dialog that saves a copy of the notebook under another name. */
export function SaveAsDialog({ page, onClose }: { page: Page; onClose: () => void }) {
  const { session: { notebook }, workspace } = page;
  const [name, setName] = useState(() => `${notebook.title.peek() || "Untitled"} copy`);
  const [problem, setProblem] = useState("");
  return (
    <Dialog title="Save as" onClose={onClose}>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <form
        class="answers"
        onSubmit={(event) => {
          event.preventDefault();
          workspace.saveAs(name).then(onClose, (error) => setProblem(error.message));
        }}
      >
        <label>
          Name, with folders before it
          <input
            data-testid="save-as-name"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <button type="submit" data-testid="save-as-submit">Save</button>
      </form>
    </Dialog>
  );
}
