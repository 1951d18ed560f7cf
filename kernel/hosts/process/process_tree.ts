import { readChild } from "./stat.ts";

/** The processes that were started for one kernel: its own, and perhaps a parent that waits for its own. */
export class ProcessTree {
  readonly #child: Deno.ChildProcess;
  readonly #nested: boolean;
  #inner: number | undefined;
  #ended = false;

  /** With `nested`, `child` makes the namespaces and waits for the kernel's own process, its only child. */
  constructor(child: Deno.ChildProcess, { nested }: { nested: boolean }) {
    this.#child = child;
    this.#nested = nested;
    void child.status.then(() => this.#ended = true);
  }

  /** The id of the kernel's own process; until that exists, the id of the parent that starts it. */
  get pid(): number {
    if (this.#nested && !this.#ended) this.#inner ??= readChild(this.#child.pid);
    return this.#inner ?? this.#child.pid;
  }

  /** Kills all processes of the tree. */
  kill(): void {
    if (this.#ended) return; // Another process may have the id by now.
    // The parent stays: it ends with the kernel's own process, and passes the reason on in its status.
    const inner = this.#nested ? readChild(this.#child.pid) : undefined;
    try {
      if (inner === undefined) this.#child.kill("SIGKILL");
      else Deno.kill(inner, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }
}
