import { useRef, useState } from "preact/hooks";
import { FilesPanel } from "./files_panel.tsx";
import { KernelsPanel } from "./kernels_panel.tsx";
import { VariablesPanel } from "./variables_panel.tsx";

const TABS = [
  ["variables", "Variables"],
  ["files", "Files"],
  ["kernels", "Kernels"],
] as const;

type Tab = typeof TABS[number][0];

/** Options for {@linkcode SidePanels}. */
export interface SidePanelsProps {
  kernelId: string | null;
  onOpenNotebook: (id: string) => void;
  /** A counter that grows when the kernel's variables and files may have changed. */
  activity: number;
}

/** The tabs beside the notebook: variables, files and kernels. */
export function SidePanels({ kernelId, activity, onOpenNotebook }: SidePanelsProps) {
  const [tab, setTab] = useState<Tab>("variables");
  const list = useRef<HTMLDivElement>(null);

  function onKeyDown(event: KeyboardEvent) {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    const names = TABS.map(([name]) => name);
    const next = names[(names.indexOf(tab) + by + names.length) % names.length]!;
    setTab(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  }

  return (
    <aside class="side-panels" aria-label="Side panels">
      <div role="tablist" class="tabs" ref={list} onKeyDown={onKeyDown}>
        {TABS.map(([name, label]) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            data-testid={`tab-${name}`}
            aria-selected={tab === name}
            aria-controls="side-panel"
            tabIndex={tab === name ? 0 : -1}
            onClick={() => setTab(name)}
          >
            {label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="side-panel" class="panel" aria-labelledby={`tab-${tab}`}>
        {tab === "kernels"
          ? <KernelsPanel ownId={kernelId} onOpenNotebook={onOpenNotebook} />
          : kernelId === null
          ? <p class="muted">Run a cell to start a kernel.</p>
          : tab === "files"
          ? <FilesPanel kernelId={kernelId} activity={activity} />
          : <VariablesPanel kernelId={kernelId} activity={activity} />}
      </div>
    </aside>
  );
}
