import { useEffect, useState } from "preact/hooks";
import { getVariables } from "../api/kernels.ts";
import type { Variable } from "../api/types.ts";
import { formatBytes } from "./format.ts";

/** The deadline for a kernel's reply, in milliseconds: a busy kernel does not reply. */
const DEADLINE_MS = 1_500;

/** The variables of the notebook's kernel. */
export function VariablesPanel({ kernelId, activity }: { kernelId: string; activity: number }) {
  const [variables, setVariables] = useState<Variable[]>();
  const [note, setNote] = useState("");
  const [filter, setFilter] = useState("");

  useEffect(() => {
    const closed = new AbortController();
    const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(DEADLINE_MS)]);
    getVariables(kernelId, signal).then((found) => {
      setVariables(found);
      setNote("");
    }, (error) => {
      if (closed.signal.aborted) return;
      setNote(signal.aborted ? "The kernel is busy: this list may be out of date." : error.message);
    });
    return () => closed.abort();
  }, [kernelId, activity]);

  const shown = variables?.filter(({ name, type }) =>
    `${name} ${type}`.toLowerCase().includes(filter.toLowerCase())
  );
  return (
    <>
      {note && <p class="muted" role="status">{note}</p>}
      <input
        type="search"
        placeholder="Filter"
        aria-label="Filter the variables"
        value={filter}
        onInput={(event) => setFilter(event.currentTarget.value)}
      />
      {shown?.length === 0 && <p class="muted">No variables.</p>}
      {shown && shown.length > 0 && (
        <table class="variables">
          <thead>
            <tr>
              <th>Name</th>
              <th>Type</th>
              <th>Value</th>
              <th>Size</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((it) => (
              <tr key={it.name} data-testid="variable-row">
                <th scope="row">{it.name}</th>
                <td>{it.type}</td>
                <td class="value" title={it.summary}>{it.summary}</td>
                <td>{it.bytes === null ? "" : formatBytes(it.bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
