import { KernelError, messageOf } from "../errors.ts";
import type {
  CallArguments,
  CallMethod,
  CallReplies,
  ExecuteReply,
  ExecuteRequest,
  HostInit,
  HostUsage,
  KernelHost,
  KernelIdentity,
} from "../host.ts";
import { PyodideRuntime } from "../pyodide/runtime.ts";
import type { RuntimeSource } from "../pyodide/source.ts";
import { Utf8Streams } from "../streams.ts";
import { parseExecuteReply, parseHostEvent } from "./messages.ts";

/** How long output may gather while Python computes, in milliseconds. */
const GATHER_MS = 15;

/**
 * Runs a kernel in this thread: Python that computes blocks everything else, can be interrupted only
 * while it waits, and may do whatever this process may.
 */
export class MainThreadHost implements KernelHost {
  readonly exited: Promise<string>;
  readonly #init: HostInit;
  readonly #source: RuntimeSource;
  readonly #exit = Promise.withResolvers<string>();
  readonly #output = new Utf8Streams((name, text) =>
    this.#init.onEvent({ type: "stream", name, text, ...this.#current() })
  );
  #runtime: PyodideRuntime | undefined;
  #executionId: string | undefined;
  /** What streams belong to when it is not the execution that was begun last. */
  #streamOwner: string | null = null;
  #lastFlush = 0;
  #closed = false;

  /** Starts nothing yet. */
  constructor(init: HostInit, source: RuntimeSource) {
    this.#init = init;
    this.#source = source;
    this.exited = this.#exit.promise;
  }

  get memoryBytes(): number | null {
    return this.#runtime?.memoryBytes ?? null;
  }

  async start(): Promise<void> {
    const { kernelId, mounts, env, cwd, limits } = this.#init;
    const config = { kernelId, mounts, env, cwd, limits };
    this.#runtime = await PyodideRuntime.start(
      await this.#source.assets(this.#init.limits.memoryMb),
      config,
      {
        stream: (name, bytes) => {
          this.#output.write(name, bytes);
          if (performance.now() - this.#lastFlush > GATHER_MS) this.#flush();
        },
        event: (event) => {
          this.#flush();
          this.#init.onEvent(parseHostEvent(event));
        },
        own: (executionId) => {
          this.#flush();
          this.#streamOwner = executionId;
        },
        fatal: (error) => this.#end(`the interpreter failed: ${error}`),
      },
      undefined,
      this.#init.packages,
    );
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async configure({ kernelId, env, cwd }: KernelIdentity): Promise<void> {
    this.#open().call("configure", { kernelId, env, cwd });
  }

  async execute(request: ExecuteRequest): Promise<ExecuteReply> {
    const runtime = this.#open();
    this.#executionId = request.id;
    const reply = await runtime.execute(request);
    this.#flush();
    return parseExecuteReply(reply);
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers: Uint8Array[] = [],
  ): Promise<CallReplies[M]> {
    try {
      return this.#open().call(method, args, buffers) as CallReplies[M];
    } catch (error) {
      if (error instanceof KernelError) throw error;
      throw new KernelError("kernel_error", messageOf(error));
    }
  }

  async interrupt(executionId: string): Promise<boolean> {
    await this.#runtime?.begun;
    return this.#runtime?.interrupt(executionId) ?? false;
  }

  meter(): () => HostUsage {
    // The processor time of this thread is that of everything else in it, too.
    return () => ({ cpuMs: null, peakMemoryBytes: this.memoryBytes });
  }

  ping(_timeoutMs: number): Promise<boolean> {
    return Promise.resolve(this.#runtime !== undefined);
  }

  terminate(reason: string): Promise<{ leaked: boolean }> {
    this.#end(reason);
    return Promise.resolve({ leaked: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate("it was disposed");
  }

  #open(): PyodideRuntime {
    if (!this.#runtime) throw new KernelError("kernel_dead", "The interpreter has ended");
    return this.#runtime;
  }

  #flush(): void {
    this.#output.flush();
    this.#lastFlush = performance.now();
  }

  #current(): { executionId?: string } {
    const executionId = this.#streamOwner ?? this.#executionId;
    return executionId === undefined ? {} : { executionId };
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#runtime?.close(new KernelError("kernel_dead", reason));
    this.#runtime = undefined;
    this.#exit.resolve(reason);
  }
}
