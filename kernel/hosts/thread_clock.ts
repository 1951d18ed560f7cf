const TASKS = "/proc/self/task";

/** Measures the processor time of one worker's thread; only Linux tells, and not to everybody. */
export class ThreadClock {
  readonly #path: string | undefined;

  constructor(path: string | undefined) {
    this.#path = path;
  }

  /** Calls what makes a worker, and finds its thread: Deno starts it before the constructor returns. */
  static ofNewWorker(make: () => Worker): { worker: Worker; clock: ThreadClock } {
    const before = workerThreads();
    const worker = make();
    const started = workerThreads().difference(before);
    // Another thread of this process may have made a worker at the same time.
    const [thread] = started.size === 1 ? started : [];
    const path = thread === undefined ? undefined : `${TASKS}/${thread}/schedstat`;
    return { worker, clock: new ThreadClock(path) };
  }

  /** Milliseconds since the thread began; null when nobody knows. */
  get cpuMs(): number | null {
    if (this.#path === undefined) return null;
    try {
      return Number.parseInt(Deno.readTextFileSync(this.#path)) / 1e6;
    } catch {
      return null; // The thread has ended.
    }
  }
}

function workerThreads(): Set<string> {
  try {
    const threads = Array.from(Deno.readDirSync(TASKS), ({ name }) => name);
    return new Set(threads.filter(isWorker));
  } catch {
    return new Set(); // Not Linux, or not allowed.
  }
}

function isWorker(thread: string): boolean {
  try {
    return Deno.readTextFileSync(`${TASKS}/${thread}/comm`).startsWith("worker-");
  } catch {
    return false; // It has just ended.
  }
}
