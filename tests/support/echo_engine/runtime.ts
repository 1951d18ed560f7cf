import type { Answer } from "../../../kernel/calls/methods.ts";
import type { ExecuteReply, ExecuteRequest, ExecutionError } from "../../../kernel/cell.ts";
import { KernelError } from "../../../kernel/errors.ts";
import type { RejectionVerdict, Runtime, RuntimeInit } from "../../../kernel/runtime.ts";
import type { KernelIdentity } from "../../../kernel/start_options.ts";
import type { StreamName } from "../../../kernel/streams.ts";

const MEMORY_BYTES = 4_096;
const INTERRUPTED = { ename: "KeyboardInterrupt", evalue: "", traceback: [] };
const encoder = new TextEncoder();

/** A cell that waits. */
interface Waiting {
  executionId: string;
  end: PromiseWithResolvers<ExecutionError>;
}

/**
 * The interpreter of the echo language. A cell is one command:
 *
 * - `raise TEXT` raises an `EchoError`.
 * - `wait` waits until it is interrupted.
 * - `spin` computes until it is interrupted.
 * - `env NAME` writes the value of an environment variable, and `cwd` the working directory.
 * - Anything else is written to stdout and is the cell's result.
 */
class EchoRuntime implements Runtime {
  readonly memoryBytes = MEMORY_BYTES;
  readonly #init: RuntimeInit;
  #identity: KernelIdentity;
  #executionCount = 0;
  #begun: Promise<void> | undefined;
  #waiting: Waiting | undefined;

  constructor(init: RuntimeInit) {
    this.#init = init;
    this.#identity = init.identity;
  }

  get begun(): Promise<void> | undefined {
    return this.#begun;
  }

  configure(identity: KernelIdentity): void {
    this.#identity = identity;
  }

  async execute(request: ExecuteRequest): Promise<ExecuteReply> {
    const { id: executionId, code, silent, storeHistory } = request;
    const { sink, signals } = this.#init;
    const begun = Promise.withResolvers<void>();
    this.#begun = begun.promise;
    if (storeHistory) this.#executionCount++;
    const executionCount = this.#executionCount;
    const report = (event: object) => silent || sink.event(JSON.stringify(event), []);
    report({ type: "execute_input", executionId, code, executionCount });
    signals?.listen(true);
    const running = this.#run(executionId, code);
    begun.resolve();
    const { error, result } = await running;
    signals?.listen(false);
    this.#begun = undefined;
    const shown = { data: { "text/plain": result ?? "" }, metadata: {} };
    if (error) report({ type: "execute_error", executionId, ...error });
    if (result !== null) report({ type: "execute_result", executionId, executionCount, ...shown });
    return {
      status: error ? "error" : "ok",
      executionCount,
      result: result === null ? null : shown,
      error,
      userExpressions: {},
      payload: [],
      memoryBytes: MEMORY_BYTES,
      droppedBytes: 0,
    };
  }

  call(method: string): Answer<unknown> {
    switch (method) {
      case "info":
        return {
          value: {
            implementation: "echo",
            implementationVersion: "1",
            banner: String(this.#init.assets),
            languageInfo: { name: "echo" },
          },
          buffers: [],
        };
      case "packages":
        return { value: { packages: [] }, buffers: [] };
      default:
        throw new KernelError("invalid_argument", `Cannot call ${method}: echo has no such thing`);
    }
  }

  interrupt(executionId: string): boolean {
    const waiting = this.#waiting;
    if (waiting?.executionId !== executionId) return false;
    this.#waiting = undefined;
    waiting.end.resolve(INTERRUPTED);
    return true;
  }

  print(name: StreamName, text: string): void {
    this.#init.sink.stream(name, encoder.encode(text));
  }

  judgeRejection(): RejectionVerdict {
    return "shown";
  }

  close(reason: Error): void {
    this.#waiting?.end.reject(reason);
  }

  async #run(
    executionId: string,
    code: string,
  ): Promise<{ error: ExecutionError | null; result: string | null }> {
    const [command, ...words] = code.split(" ");
    const rest = words.join(" ");
    const { env, cwd } = this.#identity;
    switch (command) {
      case "raise":
        return { error: { ename: "EchoError", evalue: rest, traceback: [rest] }, result: null };
      case "wait": {
        const end = Promise.withResolvers<ExecutionError>();
        this.#waiting = { executionId, end };
        return { error: await end.promise, result: null };
      }
      case "spin":
        while (this.#init.signals?.take(0) === 0);
        return { error: INTERRUPTED, result: null };
      case "env":
        return this.#echo(env[rest] ?? "");
      case "cwd":
        return this.#echo(cwd);
      default:
        return this.#echo(code);
    }
  }

  #echo(text: string): { error: null; result: string } {
    this.print("stdout", `${text}\n`);
    return { error: null, result: text };
  }
}

/** Starts the echo language in this thread. */
export function startEcho(init: RuntimeInit): Promise<Runtime> {
  return Promise.resolve(new EchoRuntime(init));
}
