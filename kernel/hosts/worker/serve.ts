/**
 * The language-neutral part of a kernel's worker: one interpreter, reached by messages. The worker runs
 * with the kernel's permissions, which need not include reading this project: everything that the
 * interpreter starts from is posted to it.
 */
import type { Answer } from "../../calls/methods.ts";
import type { ExecuteRequest } from "../../cell.ts";
import type { InterruptOutcome } from "../../host.ts";
import { guardConnections } from "../../network/guard.ts";
import type { Runtime, StartRuntime } from "../../runtime.ts";
import type { KernelIdentity } from "../../start_options.ts";
import { lostOutput, splitEvent } from "../event_text.ts";
import { KernelSide } from "../kernel_side.ts";
import { type ControlCalls, type KernelMessage, PROTOCOL_VERSION } from "../protocol.ts";
import { captureConsole, reduceGlobals } from "./globals.ts";
import { restrictImports } from "./imports.ts";
import { SignalReceiver } from "./interrupts.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./messages.ts";
import { RingWriter } from "./output_ring.ts";
import { holdThreadLock } from "./thread_lock.ts";

/** The worker's global scope; the project is checked with the window's types. */
interface WorkerScope extends EventTarget {
  postMessage(message: FromWorker): void;
  close(): void;
}
const scope = globalThis as unknown as WorkerScope;
/** Taken before the globals are reduced. */
const post = scope.postMessage.bind(scope);
const close = scope.close.bind(scope);

const encoder = new TextEncoder();

/** Runs an interpreter in this worker as soon as the host says so. A worker's main module calls it. */
export function serveWorker(startRuntime: StartRuntime): void {
  let kernel: WorkerKernel | undefined;
  scope.addEventListener("message", (event) => {
    const { message, buffers } = (event as MessageEvent<ToWorker>).data;
    if (message.type === "start") {
      kernel = new WorkerKernel(message);
      void kernel.start(startRuntime);
    } else if (message.type === "end") close();
    else kernel?.side.receive(message, buffers);
  });
}

/** The worker's side of one kernel. */
class WorkerKernel {
  readonly side: KernelSide;
  readonly #message: WorkerStart;
  readonly #signals: SignalReceiver;
  readonly #output: RingWriter;
  #runtime: Runtime | undefined;

  constructor(message: WorkerStart) {
    holdThreadLock(message.lock);
    this.#message = message;
    this.#signals = new SignalReceiver(message.interrupts);
    this.#output = new RingWriter(message.output, () => {
      // Nobody reads any more: the write fails, and the interpreter comes to where it looks for signals.
      if (this.#signals.killed) throw new Error("the kernel was terminated");
    });
    this.side = new KernelSide({
      send: (sent, buffers) => this.#post(sent, buffers),
      answer: (name, args, buffers) => this.#answer(name, args, buffers),
      memoryBytes: () => this.#runtime?.memoryBytes ?? 0,
    });
  }

  async start(startRuntime: StartRuntime): Promise<void> {
    const { options, identity, assets, packages } = this.#message;
    try {
      const runtime = this.#runtime = await startRuntime({
        options,
        identity,
        assets,
        sink: {
          stream: (name, bytes) => this.#output.write(name, bytes),
          event: (json, buffers) => this.#report(json, buffers),
          own: (executionId) => this.#postBehindOutput({ type: "own", executionId }),
          fatal: (error) => this.#crash(error),
        },
        signals: this.#signals,
        packages: packages ? this.side.packages : undefined,
        network: this.side.network,
      });
      captureConsole((name, text) => runtime.print(name, text));
      this.#guardRejections(runtime);
      const net = options.permissions === "inherit" || options.permissions.net;
      reduceGlobals(options.permissions, guardConnections(net, this.side.network));
      restrictImports(options.permissions !== "inherit" && options.permissions.import !== false);
      runtime.furnish?.();
      const { memoryBytes } = runtime;
      this.#post({ type: "ready", version: PROTOCOL_VERSION, memoryBytes });
    } catch (error) {
      this.#crash(error);
    }
  }

  /** Sends an event. One that the host would take for an attack is left out, and its user is told. */
  #report(json: string, buffers: readonly Uint8Array[]): void {
    try {
      splitEvent(json, buffers.length);
    } catch (error) {
      return this.#runtime?.print("stderr", lostOutput(error));
    }
    this.#postBehindOutput({ type: "event" }, [encoder.encode(json), ...buffers]);
  }

  async #answer(name: string, args: unknown, buffers: Uint8Array[]): Promise<Answer<unknown>> {
    const runtime = this.#runtime!;
    switch (name) {
      case "ping":
        return plain(true);
      case "execute":
        return plain(await runtime.execute(args as ExecuteRequest));
      case "configure":
        runtime.configure(args as KernelIdentity);
        return plain(null);
      case "interrupt":
        return plain(await this.#interrupt(runtime, args as ControlCalls["interrupt"]));
      default:
        return runtime.call(name, args, buffers);
    }
  }

  async #interrupt(
    runtime: Runtime,
    { executionId, number }: ControlCalls["interrupt"],
  ): Promise<InterruptOutcome> {
    await runtime.begun;
    if (number === undefined || !this.#signals.claim(number)) return "missed";
    if (runtime.interrupt(executionId)) return "delivered";
    if (runtime.begun === undefined) return "missed";
    // The cell waits for something that nothing can end: the interrupt strikes it when it goes on.
    this.#signals.giveBack(number);
    return "pending";
  }

  /**
   * A rejection that nobody handles would end the worker, and with it the kernel: user code that calls
   * JavaScript gets a line on stderr instead.
   */
  #guardRejections(runtime: Runtime): void {
    const report = (event: Event, error: unknown) => {
      event.preventDefault();
      const verdict = runtime.judgeRejection(error);
      if (verdict === "fatal") this.#crash(error);
      else if (verdict === "shown") runtime.print("stderr", `Uncaught ${describe(error)}\n`);
    };
    scope.addEventListener(
      "unhandledrejection",
      (event) => report(event, (event as PromiseRejectionEvent).reason),
    );
    scope.addEventListener("error", (event) => report(event, (event as ErrorEvent).error));
  }

  #crash(error: unknown): void {
    this.#post({ type: "exited", reason: `the interpreter failed: ${describe(error)}` });
    close();
  }

  #post(message: KernelMessage, buffers: readonly Uint8Array[] = []): void {
    this.#send(message, buffers, this.#output.position);
  }

  /** Posts a message that later output must not overtake. */
  #postBehindOutput(message: KernelMessage, buffers: readonly Uint8Array[] = []): void {
    const bytes = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.#send(message, buffers, this.#output.barrier(bytes));
  }

  #send(message: KernelMessage, buffers: readonly Uint8Array[], at: number): void {
    // Copied while they are posted.
    post({ message, buffers: buffers as readonly Uint8Array<ArrayBuffer>[], at });
  }
}

function plain(value: unknown): Answer<unknown> {
  return { value, buffers: [] };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
