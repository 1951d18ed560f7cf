import { readProcessStat } from "./stat.ts";

/** How often to look at a process, in milliseconds. */
const LOOK_MS = { working: 25, idle: 250 };

/** What a watched process may be. */
export interface WatchOptions {
  pid: number;
  /** The most resident memory, in bytes. */
  maxResidentBytes: number;
  /** Called once, when it is beyond what it may be. */
  onViolation: (reason: string) => void;
}

/** Looks at a process until disposed: its memory, and whether it has stopped itself. */
export class ProcessWatch implements Disposable {
  readonly #options: WatchOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #working = true;
  #disposed = false;

  /** Begins at once. */
  constructor(options: WatchOptions) {
    this.#options = options;
    this.#look();
  }

  /** Whether it runs a cell: what happens then happens fast. */
  set working(value: boolean) {
    if (value === this.#working) return;
    this.#working = value;
    clearTimeout(this.#timer);
    this.#arm();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  #look(): void {
    const { pid, maxResidentBytes, onViolation } = this.#options;
    const stat = readProcessStat(pid);
    if (stat === undefined) return; // It has ended, or nothing can be read here.
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
    this.#timer = setTimeout(() => this.#look(), this.#working ? LOOK_MS.working : LOOK_MS.idle);
  }
}
