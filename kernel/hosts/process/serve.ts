/**
 * The language-neutral part of a process kernel's main module: the control thread of the process. The
 * thread owns the pipes and the interrupts, and runs the interpreter in a worker. The parent process
 * checks every message that the thread sends.
 */
import process from "node:process";
import type { Answer, CallMethod } from "../../calls/methods.ts";
import type { ExecuteRequest } from "../../cell.ts";
import type { EngineAssets } from "../../engine.ts";
import { messageOf } from "../../errors.ts";
import type { KernelIdentity, LocalOptions, ProcessOptions } from "../../start_options.ts";
import { KernelSide } from "../kernel_side.ts";
import {
  type ControlCalls,
  type Envelope,
  type HostMessage,
  type KernelMessage,
  PROTOCOL_VERSION,
} from "../protocol.ts";
import { type OutputEvent, WorkerHost, type WorkerParsers } from "../worker/host.ts";
import { encodeFrame, FrameDecoder, KERNEL_MESSAGE, parseFrame } from "./frames.ts";
import { SIGTERM_STATUS } from "./link.ts";
import { lockDown } from "./lock_down.ts";
import type { KernelUser } from "./users.ts";
import type { ProcessStart } from "./messages.ts";

/** The part of an engine that is used in a process of its own. */
export interface ChildEngine {
  /** The main module of the worker that runs the interpreter. */
  workerEntry: URL;
  /** Makes the assets from the value that the engine's `locate` has returned in the parent process. */
  assets(location: unknown, options: LocalOptions): Promise<EngineAssets>;
}

/** An event of the interpreter that this process passes on unread. */
interface PassedEvent {
  type: "passed";
  buffers: readonly Uint8Array[];
}

/** Parsers that check nothing: the parent process checks every message itself. */
const UNCHECKED: WorkerParsers<PassedEvent> = {
  envelope: (value) => value as ReturnType<WorkerParsers<PassedEvent>["envelope"]>,
  message: (value) => value as KernelMessage,
  event: (buffers) => ({ type: "passed", buffers }),
  executeReply: (value) => value as ReturnType<WorkerParsers<PassedEvent>["executeReply"]>,
  callReply: (_method, value) => value as never,
};

const READ_BYTES = 64 * 1024;
const encoder = new TextEncoder();
/** The most bytes that one array can hold. Frames need no smaller bound, because the parent is trusted. */
const MAX_FRAME_BYTES = 2 ** 31;

/** Runs an interpreter in this process until the standard input ends. The main module calls this function. */
export async function serveProcess(engine: ChildEngine): Promise<never> {
  // Linux spares the first process of a namespace every signal that it has no listener for.
  if (Deno.pid === 1) Deno.addSignalListener("SIGTERM", () => Deno.exit(SIGTERM_STATUS));
  const kernel = new ProcessKernel(engine);
  const decoder = new FrameDecoder(MAX_FRAME_BYTES);
  const chunk = new Uint8Array(READ_BYTES);
  for (let size; (size = await Deno.stdin.read(chunk)) !== null;) {
    for (const frame of decoder.decode(chunk.slice(0, size))) {
      const { message, buffers } = parseFrame(frame);
      kernel.receive({ message: message as HostMessage<ProcessStart>, buffers });
    }
  }
  Deno.exit(0); // The parent has ended, or has closed the pipe to end this process.
}

/** The host of the worker in this process. */
type ChildHost = WorkerHost<PassedEvent>;

/** The process's side of one kernel. */
class ProcessKernel {
  readonly #engine: ChildEngine;
  readonly #side = new KernelSide({
    send,
    answer: (name, args, buffers) => this.#answer(name, args, buffers),
    memoryBytes: () => this.#memoryBytes,
  });
  #host: Promise<ChildHost> | undefined;
  #memoryBytes = 0;

  constructor(engine: ChildEngine) {
    this.#engine = engine;
  }

  receive({ message, buffers }: Envelope<HostMessage<ProcessStart>>): void {
    if (message.type === "start") {
      this.#host = this.#start(message);
      this.#host.catch((error) => exit(messageOf(error)));
    } else this.#side.receive(message, buffers);
  }

  async #start(start: ProcessStart): Promise<ChildHost> {
    const { options, identity, packages, location, user } = start;
    const loading = this.#engine.assets(location, options);
    const engine = {
      workerEntry: this.#engine.workerEntry,
      async assets() {
        const loaded = await loading;
        // The process has read all its files by now, and has executed no user code yet.
        if (user) become(user);
        if (start.lockDown) lockDown(start.lockDown);
        return loaded;
      },
    };
    const host = new WorkerHost(
      {
        options: options as ProcessOptions, // The parent sends options of this type only.
        identity,
        packages: packages ? this.#side.packages : undefined,
        onEvent: sendEvent,
      },
      engine,
      { parse: UNCHECKED, sharesNetwork: true },
    );
    void host.exited.then(exit);
    await host.start();
    const memoryBytes = this.#memoryBytes = host.memoryBytes ?? 0;
    send({ type: "ready", version: PROTOCOL_VERSION, memoryBytes });
    return host;
  }

  async #answer(name: string, args: unknown, buffers: Uint8Array[]): Promise<Answer<unknown>> {
    const host = await this.#host!;
    const answer = await ask(host, name, args, buffers);
    this.#memoryBytes = host.memoryBytes ?? 0;
    return answer;
  }
}

async function ask(
  host: ChildHost,
  name: string,
  args: unknown,
  buffers: Uint8Array[],
): Promise<Answer<unknown>> {
  switch (name) {
    case "execute":
      return plain(await host.execute(args as ExecuteRequest));
    case "configure":
      await host.configure(args as KernelIdentity);
      return plain(null);
    case "interrupt":
      return plain(await host.interrupt((args as ControlCalls["interrupt"]).executionId));
    case "ping":
      return plain(await host.ping((args as ControlCalls["ping"]).timeoutMs));
    default:
      return await host.call(name as CallMethod, args as never, buffers);
  }
}

function sendEvent(event: PassedEvent | OutputEvent): void {
  if (event.type === "passed") return send({ type: "event" }, event.buffers);
  const { type, name, text, executionId } = event;
  send({ type, name, executionId }, [encoder.encode(text)]);
}

/** Sends a frame. It blocks while the parent does not read; the interpreter then blocks on its full ring. */
function send(message: KernelMessage, buffers: readonly Uint8Array[] = []): void {
  const frame = encodeFrame(message, buffers, KERNEL_MESSAGE);
  try {
    for (let at = 0; at < frame.length;) at += Deno.stdout.writeSync(frame.subarray(at));
  } catch {
    Deno.exit(1); // The parent has ended.
  }
}

function exit(reason: string): never {
  send({ type: "exited", reason });
  Deno.exit(1);
}

function become({ uid, gid }: KernelUser): void {
  process.setgid!(gid);
  process.setuid!(uid);
}

function plain(value: unknown): Answer<unknown> {
  return { value, buffers: [] };
}
