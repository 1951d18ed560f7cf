import type { Clock } from "../../clock.ts";
import { readProcessStat } from "./stat.ts";

/** The time between two looks at a process, in milliseconds. */
const LOOK_MS = { working: 25, idle: 250 };

/** Options for {@linkcode ProcessWatch}. */
export interface WatchOptions {
  /** The id of the process. */
  pid: number;
  /** The most resident memory, in bytes. */
  maxResidentBytes: number;
  /** Called once, when the process exceeds its memory or has been stopped. */
  onViolation: (reason: string) => void;
  /** Measures the time between two looks. */
  clock: Clock;
}

/** Watches a process until disposed, and reports when it has too much memory or was stopped by a signal. */
export class ProcessWatch implements Disposable {
  readonly #options: WatchOptions;
  #timer: Disposable | undefined;
  #working = true;
  #disposed = false;

  /** Begins to watch at once. */
  constructor(options: WatchOptions) {
    this.#options = options;
    this.#look();
  }

  /** True while the process executes a cell; the watch looks more often then. */
  set working(value: boolean) {
    if (value === this.#working) return;
    this.#working = value;
    this.#timer?.[Symbol.dispose]();
    this.#arm();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#timer?.[Symbol.dispose]();
  }

  #look(): void {
    const { pid, maxResidentBytes, onViolation } = this.#options;
    const stat = readProcessStat(pid);
    if (stat === undefined) return; // The process has ended, or there is no /proc.
    if (stat.residentBytes > maxResidentBytes) {
      const [has, may] = [stat.residentBytes, maxResidentBytes].map((it) =>
        Math.round(it / 2 ** 20)
      );
      return onViolation(`memory limit: its process had ${has} MiB, and may have ${may} MiB`);
    }
    if (stat.state === "T") return onViolation("its process was stopped by a signal");
    this.#arm();
  }

  #arm(): void {
    if (this.#disposed) return;
    const ms = this.#working ? LOOK_MS.working : LOOK_MS.idle;
    this.#timer = this.#options.clock.after(ms, () => this.#look());
  }
}
