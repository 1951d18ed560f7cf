import type { Answer, CallArguments, CallMethod, CallReplies } from "../calls/methods.ts";
import type { ExecuteReply, ExecuteRequest } from "../cell.ts";
import type { Engine } from "../engine.ts";
import { KernelError, messageOf } from "../errors.ts";
import type { HostEvent, HostInit, HostUsage, InterruptOutcome, KernelHost } from "../host.ts";
import type { Runtime } from "../runtime.ts";
import type { KernelIdentity, MainThreadOptions } from "../start_options.ts";
import { Utf8Streams } from "../streams.ts";
import { parseEventText } from "./event_parser.ts";
import { lostOutput } from "./event_text.ts";
import { parseCallReply, parseExecuteReply } from "./messages.ts";

/** The time for which output may gather while the interpreter computes, in milliseconds. */
const GATHER_MS = 15;

/** The part of an engine that this thread needs. */
export type MainThreadEngine = Pick<Engine, "start" | "assets">;

/**
 * Runs an interpreter in this thread: a cell that computes blocks everything else, can be interrupted
 * only while it waits, and may do whatever this process may.
 */
export class MainThreadHost implements KernelHost {
  readonly exited: Promise<string>;
  readonly #init: HostInit<MainThreadOptions>;
  readonly #engine: MainThreadEngine;
  readonly #exit = Promise.withResolvers<string>();
  readonly #output = new Utf8Streams((name, text) =>
    this.#init.onEvent({ type: "stream", name, text, ...this.#current() })
  );
  #runtime: Runtime | undefined;
  /** The execution that was begun last: output carries no id of its own. */
  #executionId: string | undefined;
  /** The execution that output belongs to when it is not the one that was begun last. */
  #streamOwner: string | null = null;
  #lastFlush = 0;
  #flushing: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** Starts nothing yet. */
  constructor(init: HostInit<MainThreadOptions>, engine: MainThreadEngine) {
    this.#init = init;
    this.#engine = engine;
    this.exited = this.#exit.promise;
  }

  get memoryBytes(): number | null {
    return this.#runtime?.memoryBytes ?? null;
  }

  async start(): Promise<void> {
    const { options, identity, packages, onEvent } = this.#init;
    const { value: assets } = await this.#engine.assets(options);
    this.#runtime = await this.#engine.start({
      options,
      identity,
      assets,
      packages,
      sink: {
        stream: (name, bytes) => {
          this.#output.write(name, bytes);
          if (performance.now() - this.#lastFlush > GATHER_MS) this.#flush();
          // A task may print while nothing else happens.
          else this.#flushing ??= setTimeout(() => this.#flush(), GATHER_MS);
        },
        event: (json, buffers) => {
          this.#flush();
          let event: HostEvent;
          try {
            event = parseEventText(json, buffers);
          } catch (error) {
            return this.#runtime?.print("stderr", lostOutput(error));
          }
          onEvent(event);
        },
        own: (executionId) => {
          this.#flush();
          this.#streamOwner = executionId;
        },
        fatal: (error) => this.#end(`the interpreter failed: ${error}`),
      },
    });
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async configure(identity: KernelIdentity): Promise<void> {
    this.#open().configure(identity);
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
  ): Promise<Answer<CallReplies[M]>> {
    try {
      const { value, buffers: bytes } = this.#open().call(method, args, buffers);
      return { value: parseCallReply(method, value), buffers: bytes };
    } catch (error) {
      if (error instanceof KernelError) throw error;
      throw new KernelError("kernel_error", messageOf(error));
    }
  }

  async interrupt(executionId: string): Promise<InterruptOutcome> {
    await this.#runtime?.begun;
    return this.#runtime?.interrupt(executionId) ? "delivered" : "missed";
  }

  meter(): () => HostUsage {
    // The processor time of this thread is shared by everything else in it.
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

  #open(): Runtime {
    if (!this.#runtime) throw new KernelError("kernel_dead", "The interpreter has ended");
    return this.#runtime;
  }

  #flush(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
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
    clearTimeout(this.#flushing);
    this.#runtime?.close(new KernelError("kernel_dead", reason));
    this.#runtime = undefined;
    this.#exit.resolve(reason);
  }
}
