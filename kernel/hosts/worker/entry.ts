/**
 * The main module of a kernel's worker: one interpreter, reached by messages. It runs with the
 * kernel's permissions, which need not include reading this project: everything it starts from is
 * posted to it.
 */
import type { ExecuteRequest } from "../../host.ts";
import { PyodideRuntime } from "../../pyodide/runtime.ts";
import type { PackageAnswer, PackageBroker } from "../../packages/request.ts";
import { brokeredFetch } from "../../pyodide/brokered_fetch.ts";
import type { GrantedPermissions } from "../../permissions.ts";
import { Channel, toWireError } from "../channel.ts";
import { SignalReceiver } from "./interrupts.ts";
import { RingWriter } from "./output_ring.ts";
import { type HostMessage, PROTOCOL_VERSION, type WorkerMessage } from "../protocol.ts";
import { holdThreadLock } from "./thread_lock.ts";
import { captureConsole, isHarmlessRejection, reduceGlobals } from "./globals.ts";

/** The worker's global scope; the project is checked with the window's types. */
interface WorkerScope extends EventTarget {
  postMessage(message: WorkerMessage): void;
  close(): void;
}
const scope = globalThis as unknown as WorkerScope;
const post = scope.postMessage.bind(scope);
const close = scope.close.bind(scope);

scope.addEventListener("message", (event) => {
  const message = (event as MessageEvent<HostMessage>).data;
  if (message.type === "start") void start(message);
}, { once: true });

async function start(message: Extract<HostMessage, { type: "start" }>): Promise<void> {
  holdThreadLock(message.lock);
  const signals = new SignalReceiver(message.interrupts);
  const output = new RingWriter(message.output, () => {
    // Nobody reads any more: the write fails, and Python comes to where it looks for signals.
    if (signals.killed) throw new Error("the kernel was terminated");
  });
  const crash = (error: unknown) => {
    post({ type: "crashed", reason: `the interpreter failed: ${describe(error)}` });
    close();
  };
  const packages = message.packages ? brokerOf(message.permissions) : undefined;
  try {
    const runtime = await PyodideRuntime.start(
      message.assets,
      message.config,
      {
        stream: (name, bytes) => output.write(name, bytes),
        event: (event) => post({ type: "event", event, at: output.barrier() }),
        own: (executionId) => post({ type: "own", executionId, at: output.barrier() }),
        fatal: crash,
      },
      signals,
      packages,
    );
    captureConsole((name, text) => runtime.print(name, text));
    guardRejections((text) => runtime.print("stderr", text), crash);
    reduceGlobals(message.permissions);
    serve(runtime, signals, output);
    post({ type: "ready", version: PROTOCOL_VERSION, memoryBytes: runtime.memoryBytes });
  } catch (error) {
    crash(error);
  }
}

/** Asks the host for packages. What Python fetches is asked of it, too, where there is no network. */
function brokerOf(permissions: GrantedPermissions): PackageBroker {
  const channel = new Channel((id, _name, args) => post({ type: "call", id, args }));
  scope.addEventListener("message", (event) => {
    const message = (event as MessageEvent<HostMessage>).data;
    if (message.type === "return") channel.return(message.id, message.value);
    if (message.type === "throw") channel.throw(message.id, message.error);
  });
  // The host checks what it is asked for, and made the answer.
  const broker = async (request: unknown) =>
    await channel.call("package", request) as PackageAnswer;
  if (permissions !== "inherit" && permissions.net === false) {
    globalThis.fetch = brokeredFetch(broker);
  }
  return broker;
}

/** What a call to interrupt is made with. */
interface InterruptCall {
  executionId: string;
  number: number;
}

function serve(runtime: PyodideRuntime, signals: SignalReceiver, output: RingWriter): void {
  const interrupt = async ({ executionId, number }: InterruptCall): Promise<boolean> => {
    await runtime.begun;
    return signals.claim(number) && runtime.interrupt(executionId);
  };
  const answer = (name: string, args: unknown, buffers: Uint8Array[]): unknown => {
    switch (name) {
      case "ping":
        return true;
      case "execute":
        return runtime.execute(args as ExecuteRequest);
      case "interrupt":
        return interrupt(args as InterruptCall);
      default:
        return runtime.call(name, args, buffers);
    }
  };
  scope.addEventListener("message", async (event) => {
    const message = (event as MessageEvent<HostMessage>).data;
    if (message.type === "end") return close();
    if (message.type !== "call") return;
    const { id, name, args, buffers } = message;
    try {
      const value = await answer(name, args, buffers);
      post({ type: "return", id, value, at: output.position });
    } catch (error) {
      post({ type: "throw", id, error: toWireError(error) });
    }
  });
}

/**
 * A rejection that nobody handles would end the worker, and with it the kernel: user code that calls
 * JavaScript gets a line on stderr instead.
 */
function guardRejections(print: (text: string) => void, crash: (error: unknown) => void): void {
  const report = (event: Event, error: unknown) => {
    event.preventDefault();
    if (isHarmlessRejection(error)) return;
    if ((error as { pyodide_fatal_error?: unknown } | null)?.pyodide_fatal_error) crash(error);
    else print(`Uncaught ${describe(error)}\n`);
  };
  scope.addEventListener(
    "unhandledrejection",
    (event) => report(event, (event as PromiseRejectionEvent).reason),
  );
  scope.addEventListener("error", (event) => report(event, (event as ErrorEvent).error));
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
