import { useEffect, useState } from "preact/hooks";
import { deleteKernel, listKernels } from "../api/kernels.ts";
import type { KernelModel } from "../api/types.ts";
import { formatBytes, formatDuration } from "./format.ts";

/** The interval between two requests for the list while it is shown, in milliseconds. */
const POLL_MS = 3_000;

/** The list of the server's kernels, each with a button that ends it. */
export function KernelsPanel({ ownId }: { ownId: string | null }) {
  const [kernels, setKernels] = useState<KernelModel[]>();
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

  async function end({ id }: KernelModel) {
    if (!confirm(`End the kernel ${id.slice(0, 8)}? Its variables and files are lost.`)) return;
    try {
      await deleteKernel(id);
      setKernels(kernels?.filter((it) => it.id !== id));
    } catch (error) {
      setProblem((error as Error).message);
    }
  }

  if (problem) return <p class="problem" role="alert">{problem}</p>;
  if (!kernels) return <p class="muted">Loading…</p>;
  if (kernels.length === 0) return <p class="muted">No kernel runs.</p>;
  return (
    <ul class="rows">
      {kernels.map((kernel) => (
        <li key={kernel.id} data-testid="kernel-row">
          <span class={`dot ${kernel.status}`} title={kernel.status} />
          <div class="row-text">
            <strong title={kernel.id}>{kernel.id.slice(0, 12)}</strong>
            {kernel.id === ownId && <span class="badge">this notebook</span>}
            <div class="muted">
              {kernel.mode.replace("_", " ")} · {kernel.status} ·{" "}
              {kernel.memoryBytes === null ? "no memory" : formatBytes(kernel.memoryBytes)} · up
              {" "}
              {formatDuration(Date.now() - Date.parse(kernel.created))} · {kernel.executionCount}
              {kernel.executionCount === 1 ? " cell" : " cells"}
            </div>
          </div>
          <button type="button" onClick={() => end(kernel)} aria-label={`End ${kernel.id}`}>
            End
          </button>
        </li>
      ))}
    </ul>
  );
}
