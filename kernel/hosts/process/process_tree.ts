import { readChild } from "./stat.ts";

/** The processes that were started for one kernel: its own one, and perhaps one that waits for it. */
export class ProcessTree {
  readonly #child: Deno.ChildProcess;
  readonly #nested: boolean;
  #inner: number | undefined;
  #ended = false;

  /** `nested`: the started process makes the namespaces and waits for the kernel's, its only child. */
  constructor(child: Deno.ChildProcess, { nested }: { nested: boolean }) {
    this.#child = child;
    this.#nested = nested;
    void child.status.then(() => this.#ended = true);
  }

  /** The id of the kernel's own process; until there is one, that of the process that starts it. */
  get pid(): number {
    if (this.#nested && !this.#ended) this.#inner ??= readChild(this.#child.pid);
    return this.#inner ?? this.#child.pid;
  }

  /** Kills all of them. */
  kill(): void {
    if (this.#ended) return; // Its id may be another's by now.
    // A process that waits for the kernel's tells how that has ended, and ends in the same way.
    const inner = this.#nested ? readChild(this.#child.pid) : undefined;
    try {
      if (inner === undefined) this.#child.kill("SIGKILL");
      else Deno.kill(inner, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }
}
