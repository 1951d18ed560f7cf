import { useRef, useState } from "preact/hooks";
import { FilesPanel } from "./files_panel.tsx";
import type { Session } from "../session/session.ts";
import { OutlinePanel } from "./outline_panel.tsx";
import { KernelsPanel } from "./kernels_panel.tsx";
import { VariablesPanel } from "./variables_panel.tsx";

const TABS = [
  ["variables", "Variables"],
  ["files", "Files"],
  ["outline", "Outline"],
  ["kernels", "Kernels"],
] as const;

type Tab = typeof TABS[number][0];

/** Options for {@linkcode SidePanels}. */
export interface SidePanelsProps {
  session: Session;
  onOpenNotebook: (id: string) => void;
  /** A counter that grows when the kernel's variables and files may have changed. */
  activity: number;
}

/** The tabs beside the notebook: variables, files, outline and kernels. */
export function SidePanels({ session, activity, onOpenNotebook }: SidePanelsProps) {
  const [tab, setTab] = useState<Tab>("variables");
  const kernelId = session.kernelId.value;
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
          : tab === "outline"
          ? <OutlinePanel session={session} />
          : kernelId === null
          ? <p class="muted">Run a cell to start a kernel.</p>
          : tab === "files"
          ? <FilesPanel kernelId={kernelId} activity={activity} />
          : <VariablesPanel kernelId={kernelId} activity={activity} />}
      </div>
    </aside>
  );
}
