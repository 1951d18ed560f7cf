/** What Linux tells of a process. */
export interface ProcessStat {
  /** One letter: `R` runs, `S` sleeps, `T` was stopped by a signal, `Z` has ended. */
  state: string;
  /** Resident memory, in bytes. */
  residentBytes: number;
}

const PAGE_BYTES = 4096;

/** How a process stands; undefined when it has ended, or where there is no /proc. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The name in parentheses may contain anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", residentBytes: Number(fields[21]) * PAGE_BYTES };
  } catch {
    return undefined;
  }
}

/** Forgets the most memory that a process had; false when that cannot be. */
export function resetPeakMemory(pid: number): boolean {
  try {
    Deno.writeTextFileSync(`/proc/${pid}/clear_refs`, "5");
    return true;
  } catch {
    return false;
  }
}

/** The most resident memory that a process had, in bytes; null when nobody knows. */
export function readPeakMemory(pid: number): number | null {
  const kilobytes = readStatus(pid, /^VmHWM:\s+(\d+) kB/m);
  return kilobytes === undefined ? null : kilobytes * 1024;
}

/** The user that a process runs as. */
export function readUser(pid: number): number | undefined {
  return readStatus(pid, /^Uid:\s+(\d+)/m);
}

function readStatus(pid: number, field: RegExp): number | undefined {
  try {
    const match = field.exec(Deno.readTextFileSync(`/proc/${pid}/status`));
    return match ? Number(match[1]) : undefined;
  } catch {
    return undefined;
  }
}
