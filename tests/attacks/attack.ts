/** Something hostile that a kernel is asked to run, and what is safe to come of it. */
export interface Attack {
  /** What it tries, unique. */
  name: string;
  /**
   * Python. `{PORT}`, `{MOUNT}` and `{PROJECT}` are filled in: the server's, a host directory, ours; and
   * beside the directory `{LINKED}`, a tree with links of all kinds, and the file `{SECRET}`.
   */
  code: string;
  /** What the kernel is created with, besides the limits of all victims. */
  kernel?: Record<string, unknown>;
  /** When it is interrupted, in milliseconds. */
  timeoutMs?: number;
  /** What somebody else does to the tree with links once the kernel runs. */
  meanwhile?: (linked: string) => Promise<void>;
  /** What comes of it. */
  outcome: Outcome;
  /** What comes of it in a kernel without a root of its own: in a worker, or where Linux gives none. */
  withoutOwnRoot?: Outcome;
  /** What is run in the same kernel afterwards, and what comes of that. */
  then?: { code: string; timeoutMs?: number; outcome: Outcome };
  /** Why a worker does not hold it; a case without this holds there, too. */
  notInWorker?: string;
}

/** How an execution may end. */
export type Outcome =
  /** It runs to its end; `prints` is somewhere in its output or result. */
  | { status: "ok"; prints?: RegExp; not?: RegExp; truncated?: true }
  /** Python raises: `ename: evalue`. */
  | { status: "error"; raises: RegExp; truncated?: true }
  /**
   * It is interrupted at its timeout, and the variables are still there; `late`: what was interrupted
   * kept it from beginning, and then it came to its end.
   */
  | { status: "interrupted"; late?: true }
  /** It cannot be interrupted: its kernel is replaced by a fresh one. */
  | { status: "replaced"; reason: RegExp }
  /** Its kernel ends, for this reason. */
  | { status: "ended"; reason: RegExp }
  /** Whatever: it reads memory that is not its own, and nobody knows what is there. */
  | { status: "contained" }
  /** The server refuses the kernel with this message. */
  | { status: "refused"; message: RegExp };

/** Python that reaches JavaScript. */
export function js(code: string): string {
  return `import js\n${code}`;
}

/** Python raises this. */
export function raises(pattern: RegExp): Outcome {
  return { status: "error", raises: pattern };
}

/** The kernel of an attack goes on, with what it had before. */
export const alive = {
  code: "print('alive', kept)",
  outcome: { status: "ok", prints: /alive 42/ },
} as const;
