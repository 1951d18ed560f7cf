/** Hostile code that a kernel is asked to run, and the outcome that is safe. */
export interface Attack {
  /** The attempt in a few words, unique among the attacks. */
  name: string;
  /**
   * The code, in Python unless `kernel` names another language. The runner fills in `{PORT}` (the server's port) and paths of the host: `{MOUNT}` (a
   * directory to mount), `{PROJECT}` (this project), `{LINKED}` (a tree with links of all kinds) and
   * `{SECRET}` (a file beside that tree).
   */
  code: string;
  /** The options of the kernel, besides the limits of all victims. */
  kernel?: Record<string, unknown>;
  /** The time after which the execution is interrupted, in milliseconds. */
  timeoutMs?: number;
  /** Changes the tree with links once the kernel runs, as another program of the host might. */
  meanwhile?: (linked: string) => Promise<void>;
  /** The attack uses something up, which the next one would miss in the same kernel. */
  usesUp?: true;
  /** The attack changes nothing of its kernel, also where its code succeeds. */
  harmless?: true;
  /** The only safe outcome. */
  outcome: Outcome;
  /** The outcome in a kernel without a root of its own: in a worker, or where Linux gives none. */
  withoutOwnRoot?: Outcome;
  /** Code that the same kernel runs afterwards, and its outcome. */
  then?: { code: string; timeoutMs?: number; outcome: Outcome };
  /** The reason why a worker does not withstand the attack; a case without one runs in a worker, too. */
  notInWorker?: string;
}

/** The end of an execution. */
export type Outcome =
  /** The execution succeeds; `prints` matches its output or result, and `not` does not. */
  | { status: "ok"; prints?: RegExp; not?: RegExp; truncated?: true }
  /** Python raises: `ename: evalue`. */
  | { status: "error"; raises: RegExp; truncated?: true }
  /**
   * The execution is interrupted at its timeout, and the variables are still there. With `late`, the
   * interrupt ended other code that kept the cell from beginning, and the cell then succeeded.
   */
  | { status: "interrupted"; late?: true }
  /** The execution cannot be interrupted, so a fresh kernel replaces its kernel. */
  | { status: "replaced"; reason: RegExp }
  /** The kernel ends, for this reason. */
  | { status: "ended"; reason: RegExp }
  /** Any end: the code reads foreign memory, whose content is not known. */
  | { status: "contained" }
  /** The server refuses the kernel with this message. */
  | { status: "refused"; message: RegExp };

/** Returns Python code that can reach JavaScript by the name `js`. */
export function js(code: string): string {
  return `import js\n${code}`;
}

/** Returns a function that makes attacks by code of kernels of a language. */
export function attackIn(language: string) {
  return (
    name: string,
    code: string,
    outcome: Outcome,
    rest?: Partial<Attack>,
  ): Attack => ({ name, code, kernel: { language }, outcome, ...rest });
}

/** Returns the outcome that Python raises a matching exception. */
export function raises(pattern: RegExp): Outcome {
  return { status: "error", raises: pattern };
}

/** A cell that succeeds when the kernel of an attack goes on with its variables. */
export const alive = {
  code: "print('alive', kept)",
  outcome: { status: "ok", prints: /alive 42/ },
} as const;
