import { useEffect, useState } from "preact/hooks";
import type { Cell } from "../notebook/cell.ts";
import { formatBytes, formatDuration } from "../panels/format.ts";

/** The time that a cell has taken so far, or that its last run took. */
export function RunTime({ cell }: { cell: Cell }) {
  const startedAt = cell.startedAt.value;
  if (cell.runsAgain.value) return <p class="duration" role="status">Runs again after this</p>;
  if (cell.state.value === "running" && startedAt !== null) return <Elapsed since={startedAt} />;
  const duration = cell.duration.value;
  if (duration === null || duration < 100) return null;
  const { cpuMs, peakMemoryBytes } = cell.usage.value ?? { cpuMs: null, peakMemoryBytes: null };
  const used = [
    cpuMs !== null && `processor ${formatDuration(cpuMs)}`,
    peakMemoryBytes !== null && `memory up to ${formatBytes(peakMemoryBytes)}`,
  ].filter(Boolean).map((it) => ` · ${it}`).join("");
  const end = startedAt === null ? "" : ` · ${new Date(startedAt + duration).toLocaleTimeString()}`;
  return <p class="duration" data-usage={used}>{formatDuration(duration)}{end}</p>;
}

/** A running display; it appears when the time is long enough to be of interest. */
function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  const elapsed = now - since;
  if (elapsed < 500) return null;
  return <p class="duration" data-testid="elapsed" aria-hidden>{formatDuration(elapsed)} …</p>;
}
