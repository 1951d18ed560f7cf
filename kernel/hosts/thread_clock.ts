/** Measures the processor time of a worker's thread. Only Linux tells it, and not to every process. */
export class ThreadClock {
  readonly #path: string | undefined;

  private constructor(tasks: string, started: ReadonlySet<string>) {
    // Another thread of the process may have made a worker at the same time.
    const [thread] = started.size === 1 ? started : [];
    this.#path = thread === undefined ? undefined : `${tasks}/${thread}/schedstat`;
  }

  /** Makes a worker and finds its thread, which Deno starts before the worker's constructor returns. */
  static ofNewWorker(make: () => Worker): { worker: Worker; clock: ThreadClock } {
    const tasks = "/proc/self/task";
    const before = workerThreads(tasks);
    const worker = make();
    const started = workerThreads(tasks).difference(before);
    return { worker, clock: new ThreadClock(tasks, started) };
  }

  /** Finds the thread of the only worker of a process. */
  static ofProcess(pid: number): ThreadClock {
    const tasks = `/proc/${pid}/task`;
    return new ThreadClock(tasks, workerThreads(tasks));
  }

  /** Begins to measure; the returned function tells the milliseconds used since, null when unknown. */
  start(): () => number | null {
    const before = this.#cpuMs();
    let last: number | null = null;
    return () => {
      const now = this.#cpuMs();
      // A thread that has ended has used what was last measured.
      if (before !== null && now !== null) last = now - before;
      return last;
    };
  }

  #cpuMs(): number | null {
    if (this.#path === undefined) return null;
    try {
      return Number.parseInt(Deno.readTextFileSync(this.#path)) / 1e6;
    } catch {
      return null;
    }
  }
}

function workerThreads(tasks: string): Set<string> {
  try {
    const threads = Array.from(Deno.readDirSync(tasks), ({ name }) => name);
    return new Set(threads.filter((thread) => isWorker(`${tasks}/${thread}`)));
  } catch {
    return new Set(); // Not Linux, or not allowed.
  }
}

function isWorker(task: string): boolean {
  try {
    return Deno.readTextFileSync(`${task}/comm`).startsWith("worker-");
  } catch {
    return false; // The thread has just ended.
  }
}
