/**
 * Returns the processor time that this thread has taken, in milliseconds: unlike the time of a clock, it does not
 * pass while other programs have the processor. Where the system does not tell it, the clock's time is returned.
 */
export function threadTimeMs(): number {
  try {
    return Number.parseInt(Deno.readTextFileSync("/proc/thread-self/schedstat")) / 1e6;
  } catch {
    return performance.now(); // Not Linux.
  }
}
