import { useEffect, useState } from "preact/hooks";
import { deleteKernel, listKernels } from "../api/kernels.ts";
import type { KernelModel } from "../api/types.ts";
import { recentNotebooks } from "../notebook/storage.ts";
import type { StoredNotebook } from "../notebook/stored_notebook.ts";
import { formatBytes, formatDuration } from "./format.ts";

/** The interval between two requests for the list while it is shown, in milliseconds. */
const POLL_MS = 3_000;

/** Options for {@linkcode KernelsPanel}. */
export interface KernelsPanelProps {
  /** The kernel of the open notebook. */
  ownId: string | null;
  onOpenNotebook: (id: string) => void;
}

/** The list of the server's kernels, with the notebooks that the browser knows they belong to. */
export function KernelsPanel({ ownId, onOpenNotebook }: KernelsPanelProps) {
  const [kernels, setKernels] = useState<KernelModel[]>();
  const notebooks = useNotebooksOf(kernels);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    const closed = new AbortController();
    const look = async () => {
      try {
        setKernels(await listKernels(closed.signal));
        setProblem("");
      } catch (error) {
        if (!closed.signal.aborted) setProblem(String((error as Error).message));
      }
    };
    void look();
    const timer = setInterval(look, POLL_MS);
    return () => {
      clearInterval(timer);
      closed.abort();
    };
  }, [ownId]);

  async function end(ended: readonly KernelModel[]) {
    try {
      await Promise.all(ended.map(({ id }) => deleteKernel(id)));
      setKernels(kernels?.filter((it) => !ended.includes(it)));
    } catch (error) {
      setProblem((error as Error).message);
    }
  }
  function endOne(kernel: KernelModel) {
    const name = notebooks.get(kernel.id)?.title ?? kernel.id.slice(0, 8);
    if (!confirm(`End the kernel of ${name}? Its variables and files are lost.`)) return;
    void end([kernel]);
  }
  function endIdle() {
    const text = `End ${idle.length} idle kernels? Their variables and files are lost.`;
    if (confirm(text)) void end(idle);
  }

  if (problem) return <p class="problem" role="alert">{problem}</p>;
  if (!kernels) return <p class="muted">Loading…</p>;
  if (kernels.length === 0) return <p class="muted">No kernel runs.</p>;
  const idle = kernels.filter(({ id, status }) => status === "idle" && id !== ownId);
  return (
    <>
      {idle.length > 0 && (
        <div class="panel-tools">
          <button type="button" data-testid="end-idle" onClick={endIdle}>
            End all idle ({idle.length})
          </button>
        </div>
      )}
      <ul class="rows">
        {kernels.map((kernel) => (
          <Row
            key={kernel.id}
            kernel={kernel}
            notebook={notebooks.get(kernel.id)}
            isOwn={kernel.id === ownId}
            onOpen={onOpenNotebook}
            onEnd={() => endOne(kernel)}
          />
        ))}
      </ul>
    </>
  );
}

function Row({ kernel, notebook, isOwn, onOpen, onEnd }: {
  kernel: KernelModel;
  notebook: StoredNotebook | undefined;
  isOwn: boolean;
  onOpen: (notebookId: string) => void;
  onEnd: () => void;
}) {
  const { id, status, mode, memoryBytes, created, executionCount } = kernel;
  const shortId = id.slice(0, 12);
  const name = notebook ? notebook.title || "Untitled" : shortId;
  const facts = [
    ...(notebook ? [shortId] : []),
    mode.replace("_", " "),
    status,
    ...(memoryBytes === null ? [] : [formatBytes(memoryBytes)]),
    `up ${formatDuration(Date.now() - Date.parse(created))}`,
    `${executionCount} ${executionCount === 1 ? "cell" : "cells"}`,
  ];
  return (
    <li data-testid="kernel-row">
      <span class={`dot ${status}`} title={status} />
      <div class="row-text">
        {notebook && !isOwn
          ? (
            <button type="button" class="link" title={id} onClick={() => onOpen(notebook.id)}>
              {name}
            </button>
          )
          : <strong title={id}>{name}</strong>}
        {isOwn && <span class="badge">this notebook</span>}
        <div class="muted">{facts.join(" · ")}</div>
      </div>
      <button type="button" onClick={onEnd} aria-label={`End the kernel of ${name}`}>End</button>
    </li>
  );
}

/** Finds the notebooks of kernels in the browser's database, whenever other kernels are listed. */
function useNotebooksOf(kernels: readonly KernelModel[] | undefined): Map<string, StoredNotebook> {
  const [notebooks, setNotebooks] = useState(new Map<string, StoredNotebook>());
  const ids = kernels?.map(({ id }) => id).join(" ");
  useEffect(() => {
    if (!ids) return;
    recentNotebooks().then(
      (all) => setNotebooks(new Map(all.map((it) => [it.kernelId ?? "", it]))),
      () => {}, // Without the database kernels have no names.
    );
  }, [ids]);
  return notebooks;
}
