import type { Clock } from "../clock.ts";
import { KernelError } from "../errors.ts";
import type { EventBus } from "../event_bus.ts";
import type { KernelEvent } from "../events.ts";
import type { HostEvent } from "../host.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { Limits } from "../limits/limits.ts";
import { OutputLimits } from "../limits/output_limits.ts";
import { parseExecuteOptions } from "../options.ts";
import { Causes } from "./causes.ts";
import { abortError, Execution } from "./execution.ts";
import { ExecutionQueue } from "./queue.ts";
import type { ExecuteOptions, ExecutionInfo, ExecutionStream } from "./result.ts";
import { lossOf, runExecution } from "./run.ts";

/** Options for {@linkcode Executor}. */
export interface ExecutorOptions {
  /** The id of the kernel. */
  kernelId: string;
  /** The kernel's limits. */
  limits: Readonly<Limits>;
  /** Emits `execution_stalled` for an execution that runs longer, in milliseconds; 0: never. */
  maxExecutionTimeMs: number;
  /** Owns the interpreter that cells are executed in. */
  lifecycle: Lifecycle;
  /** Receives the events of executions. */
  events: EventBus;
  /** Called when an execution enters the queue. */
  onQueued: () => void;
  /** Called when an execution begins. */
  onBegin: (executionId: string) => void;
  /** Called when an execution is over, before its result is known. */
  onEnd: (executionId: string) => void;
  /** Measures durations and limits of time. */
  clock: Clock;
}

/** The notice that a cell gets when its interrupt has to wait. */
const PENDING_INTERRUPT =
  "Interrupt: the cell will stop when the present call returns; restart to stop at once.\n";

/** Executes the cells of one kernel, one after the other, within its limits. */
export class Executor {
  readonly #options: ExecutorOptions;
  readonly #limits: OutputLimits;
  readonly #queue = new ExecutionQueue((execution) => this.#run(execution));
  /** The executions and other requests that this interpreter was sent. */
  readonly #causes = new Causes();
  #executionCount = 0;
  /** The execution that was last told that its interrupt has to wait. */
  #slowToInterrupt: Execution | undefined;

  constructor(options: ExecutorOptions) {
    this.#options = options;
    this.#limits = new OutputLimits(options.limits.outputBytes);
  }

  /** The number of executions that wait or run. */
  get size(): number {
    return this.#queue.size;
  }

  /** The id of the execution that runs; undefined when none does. */
  get runningId(): string | undefined {
    const { current } = this.#queue;
    return current?.running ? current.id : undefined;
  }

  /** The number of cells that the interpreter has counted since its start. */
  get executionCount(): number {
    return this.#executionCount;
  }

  /** The executions that wait or run. */
  get info(): ExecutionInfo {
    const executions = this.#queue.list();
    const longestRunningTimeMs = Math.max(0, ...executions.map((it) => it.runningTimeMs));
    const { maxExecutionTimeMs } = this.#options;
    return {
      count: executions.length,
      isStuck: maxExecutionTimeMs > 0 && longestRunningTimeMs > maxExecutionTimeMs,
      longestRunningTimeMs,
      longestRunningTime: longestRunningTimeMs,
      executions,
    };
  }

  /**
   * Puts `code` in the queue.
   *
   * @throws {KernelError} when the queue is full or an option is wrong.
   */
  submit(code: string, options: ExecuteOptions): Execution {
    if (typeof code !== "string") {
      throw new KernelError("invalid_argument", "Cannot execute: code: use a string");
    }
    const { kernelId, limits, onQueued, clock } = this.#options;
    if (this.#queue.size >= limits.queue) {
      throw new KernelError(
        "limit_exceeded",
        `Cannot execute: the queue of kernel "${kernelId}" is full (limit ${limits.queue}); try ` +
          "again when something has ended",
      );
    }
    const execution = new Execution(kernelId, code, parseExecuteOptions(options), clock);
    onQueued();
    this.#queue.add(execution);
    this.#obey(execution, options.signal);
    return execution;
  }

  /** Puts `code` in the queue and iterates over the events of its execution. */
  stream(code: string, options: ExecuteOptions): ExecutionStream {
    const ended = new AbortController();
    const id = options.id ?? crypto.randomUUID();
    const events = this.#options.events.stream({
      signal: ended.signal,
      filter: (event) => event.executionId === id,
    });
    let execution: Execution;
    try {
      execution = this.submit(code, { ...options, id });
    } catch (error) {
      ended.abort();
      throw error;
    }
    void execution.result.then(() => ended.abort());
    return {
      id,
      result: execution.result,
      get outputs() {
        return execution.outputs;
      },
      get outputsTruncated() {
        return execution.outputsTruncated;
      },
      cancel: () => this.cancel(id),
      [Symbol.asyncIterator]: () => events,
    };
  }

  /** Takes a waiting execution out of the queue; false when it does not wait. */
  cancel(executionId: string): boolean {
    const error = abortError("ExecutionCancelled", "It was cancelled while it waited");
    return this.#queue.cancel(executionId, error);
  }

  /**
   * Interrupts the execution that runs, now or as soon as its present call returns; false when it cannot be
   * interrupted, or is not the named one.
   */
  async interrupt(executionId?: string): Promise<boolean> {
    const { current } = this.#queue;
    const { host } = this.#options.lifecycle;
    if (!current?.running || !host) return false;
    if (executionId !== undefined && current.id !== executionId) return false;
    const outcome = await host.interrupt(current.id);
    if (outcome === "pending") this.#reportPending(current);
    return outcome !== "missed";
  }

  /** Aborts everything that waits: the interpreter is gone, or about to be. */
  abortWaiting(): void {
    this.#queue.abortWaiting(lossOf(this.#options.lifecycle, "never ran", false));
  }

  /** A fresh interpreter is up. */
  reset(): void {
    this.#executionCount = 0;
    this.#causes.clear();
  }

  /** Counts output from zero: a client has asked for more of it. */
  resetOutput(): void {
    this.#limits.reset();
  }

  /** Events may name this request, such as a message to a comm, as the cause of what they report. */
  expect(requestId: string): void {
    this.#causes.add(requestId, { allowStdin: false });
  }

  /**
   * Shows the part of an interpreter's event that the limit of output admits.
   *
   * @throws {Error} when an honest interpreter does not send such an event.
   */
  show(event: HostEvent): void {
    this.#assertPlausible(event);
    // The host has made the event for this kernel alone; a copy would read its bundles.
    const own = Object.assign(event, { kernelId: this.#options.kernelId }) as KernelEvent;
    const { current } = this.#queue;
    const copies = current && current.id === own.executionId ? current.copiesOf(own) : 1;
    this.#show(this.#limits.of(own.executionId).pass(own, copies));
  }

  #assertPlausible(event: HostEvent): void {
    const { executionId } = event;
    const cause = executionId === undefined ? undefined : this.#causes.get(executionId);
    if (executionId !== undefined && !cause) {
      if (!this.#causes.forgetful) {
        throw new Error("an event of an execution that is not its own");
      }
      // A task of a request that is forgotten, or a forgery: whichever, it becomes nobody's output.
      delete event.executionId;
    }
    switch (event.type) {
      case "input_request":
        if (!cause?.allowStdin) throw new Error("a request for input that nobody gives");
        return;
      case "execute_input": {
        const { current } = this.#queue;
        if (!current || current.id !== executionId || !cause || cause.begun) {
          throw new Error("the input of an execution that does not begin");
        }
        cause.begun = true;
        // The interpreter's copy of the cell is not trusted; the executor has the original.
        event.code = current.code;
      }
    }
  }

  #obey(execution: Execution, signal: AbortSignal | undefined): void {
    if (!signal) return;
    const stop = () => {
      if (!this.cancel(execution.id)) void this.interrupt();
    };
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop);
    void execution.result.then(() => signal.removeEventListener("abort", stop));
  }

  async #run(execution: Execution): Promise<void> {
    const { lifecycle, limits, maxExecutionTimeMs, kernelId, onBegin, onEnd, clock } =
      this.#options;
    await lifecycle.ready;
    const { host } = lifecycle;
    if (!host) return execution.finish(lossOf(lifecycle, "never ran", false));
    execution.start();
    this.#causes.add(execution.id, { allowStdin: execution.options.allowStdin ?? false });
    onBegin(execution.id);
    const output = this.#limits.begin(execution.id);
    const { used, ...end } = await runExecution(execution, host, {
      lifecycle,
      limits,
      maxExecutionTimeMs,
      clock,
      onStalled: () => this.#reportStall(execution),
    });
    if (end.reply) this.#executionCount = end.reply.executionCount;
    const droppedByKernel = end.reply?.droppedBytes ?? 0;
    if (droppedByKernel > 0) this.#show(output.notice({ kernelId, executionId: execution.id }));
    const usage = {
      ...used,
      outputBytes: output.produced + droppedByKernel,
      droppedOutputBytes: output.dropped + droppedByKernel,
    };
    onEnd(execution.id);
    execution.finish({ ...end, usage });
  }

  #show(events: KernelEvent[]): void {
    const { current } = this.#queue;
    for (const event of events) {
      if (current && current.id === event.executionId) current.collect(event);
      this.#options.events.emit(event);
    }
  }

  /** Tells the user, once for each execution, that an interrupt has to wait. */
  #reportPending(execution: Execution): void {
    if (execution.done || this.#slowToInterrupt === execution) return;
    this.#slowToInterrupt = execution;
    const { kernelId } = this.#options;
    const { id: executionId } = execution;
    this.#show([{
      type: "stream",
      kernelId,
      executionId,
      name: "stderr",
      text: PENDING_INTERRUPT,
    }]);
  }

  #reportStall({ id: executionId, code, runningTimeMs }: Execution): void {
    const { kernelId, maxExecutionTimeMs, events } = this.#options;
    events.emit({
      type: "execution_stalled",
      kernelId,
      executionId,
      code,
      maxExecutionTimeMs,
      maxExecutionTime: maxExecutionTimeMs,
      runningTimeMs,
      runningTime: runningTimeMs,
    });
  }
}
