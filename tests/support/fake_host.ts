import {
  type Answer,
  type CallMethod,
  type CallReplies,
  type ExecuteReply,
  type ExecuteRequest,
  type HostInit,
  type Hosts,
  type HostUsage,
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

/** A host without an interpreter, steered by the test: code `wait` runs until it is told otherwise. */
export class FakeHost implements KernelHost {
  readonly exited: Promise<string>;
  readonly init: HostInit;
  /** Who it was told to be, after its start. */
  identity: KernelIdentity | undefined;
  /** What a start waits for; a rejection fails it. */
  starting: Promise<void> = Promise.resolve();
  /** Whether interrupts reach the running cell. */
  obedient = true;
  readonly memoryBytes = 1024;
  terminated: string | undefined;
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

  interrupt(): Promise<boolean> {
    if (!this.obedient) return Promise.resolve(false);
    const error = { ename: "KeyboardInterrupt", evalue: "", traceback: [] };
    this.#running?.resolve({ ...OK, status: "error", error });
    return Promise.resolve(true);
  }

  meter(): () => HostUsage {
    return () => ({ cpuMs: null, peakMemoryBytes: null });
  }

  ping(): Promise<boolean> {
    return Promise.resolve(true);
  }

  /** The engine ends by itself. */
  die(reason: string): void {
    this.#running?.reject(new KernelError("kernel_dead", reason));
    this.#exit.resolve(reason);
  }

  terminate(reason: string): Promise<{ leaked: boolean }> {
    this.terminated ??= reason;
    this.die(reason);
    return Promise.resolve({ leaked: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate("it was disposed");
  }
}

/** A manager of fake hosts, which `made` lists; `prepare` sets each up. */
export function fakeManager(
  prepare: (host: FakeHost) => void = () => {},
  options: Omit<KernelManagerOptions, "hosts"> = {},
): FakeManager {
  const made: FakeHost[] = [];
  const create = (init: HostInit) => {
    const host = new FakeHost(init);
    prepare(host);
    made.push(host);
    return host;
  };
  const hosts: Hosts = { main_thread: create, worker: create, process: create };
  const manager = new KernelManager({ ...options, hosts });
  return { manager, made, [Symbol.asyncDispose]: () => manager[Symbol.asyncDispose]() };
}

/** What {@linkcode fakeManager} makes. */
export interface FakeManager extends AsyncDisposable {
  manager: KernelManager;
  made: FakeHost[];
}
