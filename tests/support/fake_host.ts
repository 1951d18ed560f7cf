import {
  type Answer,
  type CallMethod,
  type CallReplies,
  type ExecuteReply,
  type ExecuteRequest,
  type HostInit,
  type Hosts,
  type HostUsage,
  type InterruptOutcome,
  KernelError,
  type KernelHost,
  type KernelIdentity,
  KernelManager,
  type KernelManagerOptions,
} from "../../kernel/mod.ts";

const OK: ExecuteReply = {
  status: "ok",
  executionCount: 1,
  result: null,
  error: null,
  userExpressions: {},
  payload: [],
  memoryBytes: 1024,
  droppedBytes: 0,
};

/** A host without an interpreter, steered by the test: the code `wait` runs until it is interrupted or ended. */
export class FakeHost implements KernelHost {
  readonly exited: Promise<string>;
  readonly init: HostInit;
  /** The identity that the host was given after its start. */
  identity: KernelIdentity | undefined;
  /** The start waits for this promise, and fails when it rejects. */
  starting: Promise<void> = Promise.resolve();
  /** True when interrupts reach the running cell; "later": when its present call returns. */
  obedient: boolean | "later" = true;
  readonly memoryBytes = 1024;
  terminated: string | undefined;
  /** Delays the answer to `terminate`. */
  ending: Promise<void> | undefined;
  readonly requests: ExecuteRequest[] = [];
  readonly #exit = Promise.withResolvers<string>();
  #running: PromiseWithResolvers<ExecuteReply> | undefined;

  constructor(init: HostInit) {
    this.init = init;
    this.exited = this.#exit.promise;
  }

  async start(): Promise<void> {
    const ended = this.exited.then((reason) => Promise.reject(new Error(reason)));
    await Promise.race([this.starting, ended]);
  }

  configure(identity: KernelIdentity): Promise<void> {
    this.identity = identity;
    return Promise.resolve();
  }

  execute(request: ExecuteRequest): Promise<ExecuteReply> {
    this.requests.push(request);
    this.#running = Promise.withResolvers();
    if (request.code !== "wait") this.#running.resolve(OK);
    return this.#running.promise;
  }

  call<M extends CallMethod>(): Promise<Answer<CallReplies[M]>> {
    return Promise.reject(new KernelError("kernel_error", "no Python here"));
  }

  interrupt(): Promise<InterruptOutcome> {
    if (this.obedient !== true) return Promise.resolve(this.obedient ? "pending" : "missed");
    const error = { ename: "KeyboardInterrupt", evalue: "", traceback: [] };
    this.#running?.resolve({ ...OK, status: "error", error });
    return Promise.resolve("delivered");
  }

  meter(): () => HostUsage {
    return () => ({ cpuMs: null, peakMemoryBytes: null });
  }

  ping(): Promise<boolean> {
    return Promise.resolve(true);
  }

  /** Ends the host as if its interpreter had ended by itself. */
  die(reason: string): void {
    this.#running?.reject(new KernelError("kernel_dead", reason));
    this.#exit.resolve(reason);
  }

  async terminate(reason: string): Promise<{ leaked: boolean }> {
    this.terminated ??= reason;
    this.die(reason);
    await this.ending;
    return { leaked: false };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate("it was disposed");
  }
}

/** Makes a manager of fake hosts, and calls `prepare` with each host. */
export function fakeManager(
  prepare: (host: FakeHost) => void = () => {},
  options: Omit<KernelManagerOptions, "hosts"> = {},
): FakeManager {
  const made: FakeHost[] = [];
  const waiting: (() => void)[] = [];
  const create = (init: HostInit) => {
    const host = new FakeHost(init);
    prepare(host);
    made.push(host);
    for (const wake of waiting.splice(0)) wake();
    return host;
  };
  const hosts: Hosts = { main_thread: create, worker: create, process: create };
  const manager = new KernelManager({ ...options, hosts });
  return {
    manager,
    made,
    async madeAtLeast(count) {
      while (made.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    [Symbol.asyncDispose]: () => manager[Symbol.asyncDispose](),
  };
}

/** A manager of fake hosts. */
export interface FakeManager extends AsyncDisposable {
  manager: KernelManager;
  /** The hosts that were made so far. */
  made: FakeHost[];
  /** Resolves when that many hosts were made. */
  madeAtLeast(count: number): Promise<void>;
}
