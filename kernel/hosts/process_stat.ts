/** What Linux tells of a process. */
export interface ProcessStat {
  /** One letter: `R` runs, `S` sleeps, `T` was stopped by a signal, `Z` has ended. */
  state: string;
  /** Processor time that it has used, in milliseconds; in steps of ten. */
  cpuMs: number;
  /** Resident memory, in bytes. */
  residentBytes: number;
}

const TICK_MS = 10;
const PAGE_BYTES = 4096;

/** How a process stands; undefined when it has ended, or where there is no /proc. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The name in parentheses may contain anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [userTicks, systemTicks, pages] = [fields[11], fields[12], fields[21]].map(Number);
    return {
      state: fields[0] ?? "",
      cpuMs: (userTicks! + systemTicks!) * TICK_MS,
      residentBytes: pages! * PAGE_BYTES,
    };
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
