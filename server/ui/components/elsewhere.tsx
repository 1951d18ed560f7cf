import type { Workspace } from "../workspace/workspace.ts";

/** Takes the place of a notebook that another tab has open. */
export function Elsewhere({ workspace, id }: { workspace: Workspace; id: string }) {
  return (
    <main class="elsewhere">
      <h1>This notebook is open in another tab</h1>
      <p>Two tabs would write over each other.</p>
      <button
        type="button"
        data-testid="take-over"
        onClick={() => void workspace.openStored(id, { takeOver: true })}
      >
        Work here instead
      </button>
      <button type="button" onClick={() => workspace.create()}>New notebook</button>
    </main>
  );
}
