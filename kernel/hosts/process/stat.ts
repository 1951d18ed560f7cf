/** The state of a process, as Linux tells it. */
export interface ProcessStat {
  /** One letter: `R` runs, `S` sleeps, `T` was stopped by a signal, `Z` has ended. */
  state: string;
  /** Resident memory, in bytes. */
  residentBytes: number;
}

const PAGE_BYTES = 4096;

/** Reads the state of a process; undefined when it has ended, or where there is no /proc. */
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

/** Resets the peak memory of a process; false when that is not possible. */
export function resetPeakMemory(pid: number): boolean {
  try {
    Deno.writeTextFileSync(`/proc/${pid}/clear_refs`, "5");
    return true;
  } catch {
    return false;
  }
}

/** Reads the peak resident memory of a process, in bytes; null when unknown. */
export function readPeakMemory(pid: number): number | null {
  const kilobytes = readStatus(pid, /^VmHWM:\s+(\d+) kB/m);
  return kilobytes === undefined ? null : kilobytes * 1024;
}

/** Reads the id of the user that a process runs as; undefined when unknown. */
export function readUser(pid: number): number | undefined {
  return readStatus(pid, /^Uid:\s+(\d+)/m);
}

/** Returns true when a filter (seccomp) checks each system call of a process. */
export function filtersSystemCalls(pid: number): boolean {
  return readStatus(pid, /^Seccomp:\s+(\d+)/m) === 2;
}

/** Returns the id of the first child of a process that still lives; undefined when there is none. */
export function readChild(pid: number): number | undefined {
  try {
    const [child] = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).split(" ");
    return child ? Number(child) : undefined;
  } catch {
    return undefined;
  }
}

function readStatus(pid: number, field: RegExp): number | undefined {
  try {
    const match = field.exec(Deno.readTextFileSync(`/proc/${pid}/status`));
    return match ? Number(match[1]) : undefined;
  } catch {
    return undefined;
  }
}
