import type { ExecuteReply, ExecuteRequest } from "../../cell.ts";
import type { Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import { parseExecuteReply } from "../messages.ts";

/** Options for {@linkcode SentCell}. */
interface SentCellOptions {
  clock: Clock;
  /** The longest silence between a cell's reply and its end, in milliseconds. */
  silenceMs: number;
  /** Returns true while the kernel is connected. */
  isUp: () => boolean;
}

/** A cell that was sent to a kernel of another server, until both its reply and its end have come. */
export class SentCell implements Disposable {
  readonly messageId: string = crypto.randomUUID();
  readonly request: ExecuteRequest;
  readonly #options: SentCellOptions;
  readonly #done = Promise.withResolvers<ExecuteReply>();
  /** True when the kernel was seen to work on it. */
  #begun = false;
  /** True when the connection was lost meanwhile. */
  #cut: boolean;
  /** True when everything that it shows has come. */
  #idle = false;
  #reply: Record<string, unknown> | undefined;
  /** The deadline for the rest, when either the reply or the end has come. */
  #ending: Disposable | undefined;

  constructor(request: ExecuteRequest, options: SentCellOptions) {
    this.request = request;
    this.#options = options;
    this.#cut = !options.isUp();
  }

  /** The reply; rejects with what {@linkcode fail} was given. */
  get done(): Promise<ExecuteReply> {
    return this.#done.promise;
  }

  /** Notes that the kernel has sent something that the cell shows. */
  onShown(): void {
    this.#begun = true;
    if (this.#ending) this.#awaitRest();
  }

  /** Takes the content of the reply. The first one counts. */
  onReply(content: Record<string, unknown>): void {
    this.#reply ??= content;
    this.#settle();
  }

  /** Takes the kernel's state while it works on the cell. */
  onStatus(state: string): void {
    this.#begun = true;
    this.#idle ||= state === "idle";
    this.#settle();
  }

  /** Notes that the connection was lost. */
  onDown(): void {
    this.#cut = true;
  }

  /** Ends a cell of which nothing more can come, because the kernel has answered a later question. */
  onLaterAnswer(): void {
    if (!this.#reply) {
      return this.#resolveUnknown(
        this.#begun
          ? "the cell has ended, but its end was lost with the connection"
          : "the connection was lost when the cell was sent; it may have run or not",
      );
    }
    this.#idle = true;
    this.#settle();
  }

  /** Ends the cell because its kernel has ended. */
  fail(error: Error): void {
    this.#done.reject(error);
  }

  [Symbol.dispose](): void {
    this.#ending?.[Symbol.dispose]();
    this.#ending = undefined;
  }

  /** Ends the wait when both the reply and everything that the cell shows are here. */
  #settle(): void {
    if (!this.#reply || !this.#idle) return this.#awaitRest();
    try {
      this.#done.resolve(replyOf(this.#reply, this.#cut));
    } catch (error) {
      this.#resolveUnknown(`the reply to it is none: ${messageOf(error)}`);
    }
  }

  /**
   * Waits for the other one of the reply and the end, of which one has come. A kernel sends them one after
   * the other, so that a server which is silent in between has lost the other one.
   */
  #awaitRest(): void {
    this[Symbol.dispose]();
    if (!this.#reply && !this.#idle) return;
    const { clock, silenceMs, isUp } = this.#options;
    this.#ending = clock.after(silenceMs, () => {
      this.#ending = undefined;
      // Once the connection is there again, the end of the cell is looked for.
      if (!isUp()) return;
      this.#cut = true;
      if (!this.#reply) return this.#resolveUnknown("the cell has ended without a reply");
      this.#idle = true;
      this.#settle();
    });
  }

  /** Ends the cell without anybody knowing its end. */
  #resolveUnknown(why: string): void {
    this.#done.resolve({
      status: "error",
      executionCount: 0,
      result: null,
      error: { ename: "ConnectionLost", evalue: why, traceback: [`ConnectionLost: ${why}`] },
      userExpressions: {},
      payload: [],
      memoryBytes: null,
      droppedBytes: 0,
      lost: LOST,
    });
  }
}

/** Says what may be missing of a cell during which the connection was lost. */
const LOST = "outputs while disconnected";

/** Makes the reply to an execution of Jupyter's; throws when it is none. */
function replyOf(content: Record<string, unknown>, cut: boolean): ExecuteReply {
  const { status } = content;
  const failed = status === "error";
  // Older kernels say "abort" where the protocol says "aborted".
  const aborted = status === "abort";
  const reply = parseExecuteReply({
    status: aborted ? "aborted" : status,
    executionCount: content["execution_count"] ?? 0,
    result: null,
    error: failed ? raised(content) : null,
    userExpressions: content["user_expressions"] ?? {},
    payload: content["payload"] ?? [],
    memoryBytes: null,
    droppedBytes: 0,
  });
  return { ...reply, ...(cut && { lost: LOST }) };
}

/** Returns the error in a reply, with an empty text for each part that the kernel leaves out. */
export function raised(
  { ename, evalue, traceback }: Record<string, unknown>,
): { ename: string; evalue: string; traceback: string[] } {
  const lines = Array.isArray(traceback) ? traceback : [];
  return {
    ename: typeof ename === "string" ? ename : "Error",
    evalue: typeof evalue === "string" ? evalue : "",
    traceback: lines.filter((line) => typeof line === "string"),
  };
}
