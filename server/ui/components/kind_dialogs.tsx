import type { NotebookKind } from "../../services/notebooks/format/notebook_kind.ts";
import { useState } from "preact/hooks";
import type { KernelChoice } from "../api/types.ts";
import type { Page } from "./commands.ts";
import { OtherKernels, PresentKernel } from "./present_kernel.tsx";
import { KernelChoiceForm } from "./kernel_choice.tsx";
import { Dialog } from "./dialog.tsx";

/** Options of the dialogs in which the reader chooses a kind of kernel. */
interface KindDialogProps {
  page: Page;
  onClose: () => void;
}

/** The dialog that opens a new notebook for a kind of kernel. */
export function NewNotebookDialog({ page: { workspace }, onClose }: KindDialogProps) {
  return (
    <Dialog title="New notebook with…" onClose={onClose}>
      <Kinds
        kinds={workspace.kinds.value}
        onChoose={(kind) => {
          onClose();
          workspace.create(kind);
        }}
      />
    </Dialog>
  );
}

/** The dialog that gives the open notebook a kernel of another kind. */
export function ChangeKernelDialog({ page: { session, workspace }, onClose }: KindDialogProps) {
  const [choice, setChoice] = useState<KernelChoice>({});
  const { server } = workspace;
  return (
    <Dialog title="Kernel" onClose={onClose}>
      <PresentKernel session={session} />
      <OtherKernels session={session} onClose={onClose} />
      <h3>Start another one</h3>
      <p>
        A new kernel starts and the present one ends: its variables are lost. Code and outputs stay.
      </p>
      {server.value && <KernelChoiceForm server={server.value} onChange={setChoice} />}
      <Kinds
        kinds={workspace.kinds.value}
        present={session.kind.value}
        onChoose={(kind) => {
          onClose();
          void session.changeKind(kind, choice);
        }}
      />
    </Dialog>
  );
}

function Kinds({ kinds, present, onChoose }: {
  kinds: readonly NotebookKind[];
  present?: NotebookKind | undefined;
  onChoose: (kind: NotebookKind) => void;
}) {
  if (kinds.length === 0) return <p class="muted">The server has not said its kernels yet.</p>;
  return (
    <ul class="rows" data-testid="kinds">
      {kinds.map((kind) => (
        <li key={kind.name}>
          <button
            type="button"
            class="link"
            data-testid={`kind-${kind.name}`}
            aria-current={kind === present}
            onClick={() => onChoose(kind)}
          >
            {kind.displayName}
          </button>
          <span class="muted">
            {kind === present ? `${kind.language}, present` : kind.language}
          </span>
        </li>
      ))}
    </ul>
  );
}
