import type { Answer, CallArguments, CallMethod, CallReplies } from "../../calls/methods.ts";
import type { ExecuteReply, ExecuteRequest } from "../../cell.ts";
import { type Clock, systemClock } from "../../clock.ts";
import { within } from "../../deadline.ts";
import { KernelError } from "../../errors.ts";
import type { HostInit, HostUsage, InterruptOutcome, KernelHost } from "../../host.ts";
import type { EngineLimits } from "../../limits/limits.ts";
import type { KernelIdentity, ProcessOptions } from "../../start_options.ts";
import { HostSide } from "../host_side.ts";
import { CHECKED } from "../messages.ts";
import { type HostMessage, PROTOCOL_VERSION } from "../protocol.ts";
import { StartSlots } from "../start_slots.ts";
import { ThreadClock } from "../thread_clock.ts";
import { assertConfined, Launcher, type ProcessEngine, type ProcessIsolation } from "./launch.ts";
import { FrameTurns } from "./frame_turns.ts";
import { ProcessLink } from "./link.ts";
import type { ProcessTree } from "./process_tree.ts";
import { readPeakMemory, resetPeakMemory } from "./stat.ts";
import { ProcessWatch } from "./watch.ts";

const MEBIBYTE = 2 ** 20;
/** The time in which a process tells the outcome of an interrupt, in milliseconds. */
const INTERRUPT_DEADLINE_MS = 1_000;
/** The time that the system has to end a process that was killed, in milliseconds. */
const KILL_DEADLINE_MS = 5_000;
/**
 * The resident memory of a process besides the interpreter's and its files', in MiB. A working process has
 * 120; the rest is for objects of JavaScript.
 */
const RESIDENT_BASE_MIB = 192;
/** The most copies of one output that a process holds on the output's way out, in several encodings. */
const OUTPUT_COPIES = 8;

/** Options for {@linkcode ProcessHost}. */
export interface ProcessHostOptions {
  /** Confines the process. */
  isolation: ProcessIsolation;
  /** Limits how many kernels start at the same time. @default a limit for this kernel alone */
  slots?: StartSlots;
  /** Lets the large frames of several processes be read in turns. @default turns for this process alone */
  turns?: FrameTurns;
  /** Measures deadlines. @default the system's clock */
  clock?: Clock;
}

/**
 * Runs an interpreter in a process of its own, which can be killed whatever it does and takes nothing
 * with it. Its messages are claims about itself and nothing else.
 */
export class ProcessHost implements KernelHost {
  readonly exited: Promise<string>;
  readonly #init: HostInit<ProcessOptions>;
  readonly #slots: StartSlots;
  readonly #turns: FrameTurns;
  readonly #clock: Clock;
  readonly #launcher: Launcher;
  readonly #side: HostSide;
  #tree: ProcessTree | undefined;
  #link: ProcessLink | undefined;
  #watch: ProcessWatch | undefined;
  #cpu: ThreadClock | undefined;
  /** Resolves when the process is gone. */
  #gone: Promise<void> = Promise.resolve();
  #terminated: Promise<{ leaked: boolean }> | undefined;

  /** Starts nothing yet. */
  constructor(
    init: HostInit<ProcessOptions>,
    engine: ProcessEngine,
    {
      isolation,
      clock = systemClock,
      slots = new StartSlots(1, clock),
      turns = new FrameTurns(),
    }: ProcessHostOptions,
  ) {
    this.#init = init;
    this.#slots = slots;
    this.#turns = turns;
    this.#clock = clock;
    this.#launcher = new Launcher(engine, isolation);
    this.#side = new HostSide({
      send: (message, buffers) => this.#send(message, buffers),
      parse: CHECKED,
      packages: init.packages,
      onEvent: init.onEvent,
      onStream: (name, text, executionId) =>
        init.onEvent({ type: "stream", name, text, ...(executionId && { executionId }) }),
      onFailure: (reason) => this.#kill(reason),
      clock,
    });
    this.exited = this.#side.exited;
  }

  get memoryBytes(): number | null {
    return this.#side.memoryBytes;
  }

  async start(): Promise<void> {
    using _slot = await this.#slots.take(this.exited);
    const { options, identity, packages } = this.#init;
    const { limits } = options;
    const launched = await this.#launcher.launch(options, () => this.#assertWanted());
    const { child, tree, location, user, lockDown } = launched;
    this.#tree = tree;
    const link = this.#link = new ProcessLink(child, {
      outputBytes: limits.outputBytes,
      turns: this.#turns,
      onMessage: (envelope) => this.#side.receive(envelope),
      onViolation: (reason) => this.#kill(reason),
    });
    this.#gone = link.gone.then((reason) => {
      this.#launcher[Symbol.dispose]();
      this.#end(reason);
    });
    this.#watch = new ProcessWatch({
      get pid() {
        return tree.pid;
      },
      maxResidentBytes: maxResidentBytes(limits),
      onViolation: (reason) => this.#kill(reason),
      clock: this.#clock,
    });
    link.send({
      type: "start",
      version: PROTOCOL_VERSION,
      options: launched.options,
      identity,
      packages: packages !== undefined,
      location,
      user,
      lockDown,
    }).catch(() => {}); // A process that reads nothing does not become ready.
    await this.#side.whenReady();
    assertConfined(launched);
    this.#cpu = ThreadClock.ofProcess(tree.pid);
    this.#watch.working = false;
  }

  async configure(identity: KernelIdentity): Promise<void> {
    await this.#side.configure(identity);
  }

  async execute(request: ExecuteRequest): Promise<ExecuteReply> {
    this.#link?.resetFlood();
    if (this.#watch) this.#watch.working = true;
    try {
      return await this.#side.execute(request);
    } finally {
      if (this.#watch) this.#watch.working = false;
    }
  }

  async call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers: Uint8Array[] = [],
  ): Promise<Answer<CallReplies[M]>> {
    return await this.#side.call(method, args, buffers);
  }

  async interrupt(executionId: string): Promise<InterruptOutcome> {
    const outcome = this.#side.interrupt({ executionId });
    return await within(INTERRUPT_DEADLINE_MS, outcome, { clock: this.#clock }) ?? "pending";
  }

  meter(): () => HostUsage {
    const pid = this.#tree?.pid ?? 0;
    const cpuMs = this.#cpu?.start();
    resetPeakMemory(pid); // Where Linux refuses to reset it, the peak is the one since the start.
    let peakMemoryBytes: number | null = null;
    return () => {
      peakMemoryBytes = readPeakMemory(pid) ?? peakMemoryBytes;
      return { cpuMs: cpuMs?.() ?? null, peakMemoryBytes };
    };
  }

  async ping(timeoutMs: number): Promise<boolean> {
    return await this.#side.ping(timeoutMs);
  }

  terminate(reason: string): Promise<{ leaked: boolean }> {
    return this.#terminated ??= this.#terminate(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate("it was disposed");
  }

  async #terminate(reason: string): Promise<{ leaked: boolean }> {
    this.#kill(reason);
    const killed = this.#gone.then(() => true);
    const gone = await within(KILL_DEADLINE_MS, killed, { clock: this.#clock });
    return { leaked: gone !== true };
  }

  #assertWanted(): void {
    if (this.#terminated) throw new KernelError("kernel_dead", "It was ended while it started");
  }

  #send(message: HostMessage, buffers?: readonly Uint8Array[]): Promise<void> | undefined {
    return this.#link?.send(message, buffers);
  }

  #kill(reason: string): void {
    this.#end(reason);
    this.#tree?.kill();
  }

  /** Ends the conversation with the process, which may live for a moment longer. */
  #end(reason: string): void {
    if (this.#side.ended) return;
    this.#side.end(reason);
    this.#watch?.[Symbol.dispose]();
    this.#link?.close();
  }
}

/** The most resident memory of a process with these limits, in bytes. */
function maxResidentBytes({ memoryMiB, filesMiB, outputBytes }: EngineLimits): number {
  // Packages may take as much as files.
  return (RESIDENT_BASE_MIB + memoryMiB + 2 * filesMiB) * MEBIBYTE + OUTPUT_COPIES * outputBytes;
}
