import { KernelFiles } from "./files.ts";
import type {
  CallArguments,
  CallMethod,
  CallReplies,
  CommMessage,
  CommOpening,
  Completeness,
  Completion,
  HistoryEntry,
  HistoryQuery,
  Inspection,
  InstalledPackage,
  LanguageInfo,
  Variable,
} from "../host.ts";

/** Options for calls that Python answers between its executions. */
export interface CallOptions {
  /** Gives up waiting; the call rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Asks a kernel something; see `CallArguments` for what there is. */
export type CallKernel = <M extends CallMethod>(
  method: M,
  args: CallArguments[M],
  buffers?: Uint8Array[],
  options?: CallOptions,
) => Promise<CallReplies[M]>;

/**
 * What a kernel answers besides running code; `Kernel` says how it is reached. While a cell computes,
 * the answers wait.
 */
export abstract class KernelCalls {
  /** The files that the kernel sees. */
  readonly files: KernelFiles = new KernelFiles((method, args, buffers, options) =>
    this.call(method, args, buffers, options)
  );

  /** Asks the kernel something. */
  protected abstract call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers?: Uint8Array[],
    options?: CallOptions,
  ): Promise<CallReplies[M]>;

  /** What could stand at `cursorPos` (in code points, by default the end of `code`). */
  complete(code: string, cursorPos?: number, options?: CallOptions): Promise<Completion> {
    return this.call("complete", { code, cursorPos: cursorPos ?? codePoints(code) }, [], options);
  }

  /** What is known of the thing at `cursorPos`; `detailLevel` 1 shows its source. */
  inspect(
    code: string,
    cursorPos?: number,
    detailLevel: 0 | 1 = 0,
    options?: CallOptions,
  ): Promise<Inspection> {
    const args = { code, cursorPos: cursorPos ?? codePoints(code), detailLevel };
    return this.call("inspect", args, [], options);
  }

  /** Whether `code` can be run as it is, or wants another line. */
  isComplete(code: string, options?: CallOptions): Promise<Completeness> {
    return this.call("isComplete", { code }, [], options);
  }

  /** Past inputs, and outputs if asked for. */
  async history(query: HistoryQuery, options?: CallOptions): Promise<HistoryEntry[]> {
    return (await this.call("history", query, [], options)).history;
  }

  /** The language, its version and the kernel's implementation. */
  languageInfo(options?: CallOptions): Promise<LanguageInfo> {
    return this.call("info", {}, [], options);
  }

  /**
   * Answers an `input_request`, with null by ending the input: `input()` then raises EOFError. False
   * when nobody waits for it any more.
   */
  async answerInput(requestId: string, value: string | null): Promise<boolean> {
    return (await this.call("inputReply", { requestId, value })).accepted;
  }

  /** The variables that cells have made, by name; modules and names with an underscore are left out. */
  async variables(options?: CallOptions): Promise<Variable[]> {
    return (await this.call("variables", {}, [], options)).variables;
  }

  /** The packages that are installed, by name. */
  async packages(options?: CallOptions): Promise<InstalledPackage[]> {
    return (await this.call("packages", {}, [], options)).packages;
  }

  /** The comms that are open, by id. */
  async comms(
    targetName?: string,
    options?: CallOptions,
  ): Promise<Record<string, { targetName: string }>> {
    const args = targetName === undefined ? {} : { targetName };
    return (await this.call("commInfo", args, [], options)).comms;
  }

  /** Opens a comm to a target that Python has registered. */
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

/** The length of a text as Jupyter counts it, in Unicode code points. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Settles as `promise` does, or rejects with the signal's reason if that comes first. */
export async function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return await promise;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    promise.catch(() => {});
  }
}
