import { KernelFiles } from "./files.ts";
import type {
  Answer,
  CallArguments,
  CallMethod,
  CallOptions,
  CallReplies,
  CommMessage,
  CommOpening,
} from "./methods.ts";
import type {
  Completeness,
  Completion,
  HistoryEntry,
  HistoryQuery,
  Inspection,
  InstalledPackage,
  LanguageInfo,
  Variable,
} from "./replies.ts";

/**
 * The questions that a kernel answers besides executing code; `Kernel` implements the one way in which
 * they reach it. Answers wait while a cell computes.
 */
export abstract class KernelCalls {
  /** The files that the kernel sees. */
  readonly files: KernelFiles = new KernelFiles((method, args, buffers, options) =>
    this.call(method, args, buffers, options)
  );

  /** Calls the kernel; the names of the calls are those of `CallArguments`. */
  protected abstract call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers?: Uint8Array[],
    options?: CallOptions,
  ): Promise<Answer<CallReplies[M]>>;

  /** Completes `code` at `cursorPos`, in code points; by default at its end. */
  async complete(code: string, cursorPos?: number, options?: CallOptions): Promise<Completion> {
    const args = { code, cursorPos: cursorPos ?? codePoints(code) };
    return (await this.call("complete", args, [], options)).value;
  }

  /** Describes the name at `cursorPos`, in code points; `detailLevel` 1 adds its source. */
  async inspect(
    code: string,
    cursorPos?: number,
    detailLevel: 0 | 1 = 0,
    options?: CallOptions,
  ): Promise<Inspection> {
    const args = { code, cursorPos: cursorPos ?? codePoints(code), detailLevel };
    return (await this.call("inspect", args, [], options)).value;
  }

  /** Judges if `code` could be executed as it is, or needs another line. */
  async isComplete(code: string, options?: CallOptions): Promise<Completeness> {
    return (await this.call("isComplete", { code }, [], options)).value;
  }

  /** Returns past inputs, and their outputs if the query asks for them. */
  async history(query: HistoryQuery, options?: CallOptions): Promise<HistoryEntry[]> {
    return (await this.call("history", query, [], options)).value.history;
  }

  /** Describes the language, its version and the implementation. */
  async languageInfo(options?: CallOptions): Promise<LanguageInfo> {
    return (await this.call("info", {}, [], options)).value;
  }

  /**
   * Answers an `input_request`; null ends the input, so that `input()` raises EOFError. Returns false
   * when nobody waits for it any more.
   */
  async answerInput(requestId: string, value: string | null): Promise<boolean> {
    return (await this.call("inputReply", { requestId, value })).value.accepted;
  }

  /** Lists the variables that cells have made, by name, without modules and names with an underscore. */
  async variables(options?: CallOptions): Promise<Variable[]> {
    return (await this.call("variables", {}, [], options)).value.variables;
  }

  /** Lists the installed packages, by name. */
  async packages(options?: CallOptions): Promise<InstalledPackage[]> {
    return (await this.call("packages", {}, [], options)).value.packages;
  }

  /** Lists the open comms, by id. */
  async comms(
    targetName?: string,
    options?: CallOptions,
  ): Promise<Record<string, { targetName: string }>> {
    const args = targetName === undefined ? {} : { targetName };
    return (await this.call("commInfo", args, [], options)).value.comms;
  }

  /**
   * Answers a request of the Debug Adapter Protocol, with Jupyter's additions. A kernel whose cell computes
   * answers when the cell waits or stops.
   */
  async debug(
    request: Record<string, unknown>,
    options?: CallOptions,
  ): Promise<Record<string, unknown>> {
    return (await this.call("debug", { request }, [], options)).value.response;
  }

  /** Opens a comm to a target that the kernel's side has registered. */
  async openComm(comm: CommOpening, buffers: Uint8Array[] = []): Promise<void> {
    await this.call("commOpen", comm, buffers);
  }

  /** Sends a message on an open comm. */
  async sendComm(comm: CommMessage, buffers: Uint8Array[] = []): Promise<void> {
    await this.call("commMsg", comm, buffers);
  }

  /** Closes a comm. */
  async closeComm(comm: CommMessage, buffers: Uint8Array[] = []): Promise<void> {
    await this.call("commClose", comm, buffers);
  }
}

/** Counts the Unicode code points of a text: Jupyter's positions are in these. */
function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
