import { z } from "npm:zod@4.6.7";
import type {
  Answer,
  CallArguments,
  CallMethod,
  CallReplies,
  FileMethod,
} from "../../calls/methods.ts";
import type { ExecuteReply, ExecuteRequest } from "../../cell.ts";
import type { Clock } from "../../clock.ts";
import { within } from "../../deadline.ts";
import { KernelError, messageOf } from "../../errors.ts";
import type { HostInit, HostUsage, InterruptOutcome, KernelHost } from "../../host.ts";
import type { RemoteOptions } from "../../start_options.ts";
import { lostOutput } from "../event_text.ts";
import { parseCallReply } from "../messages.ts";
import { raised, SentCell } from "./cell.ts";
import { Connection } from "./connection.ts";
import { eventOf } from "./events.ts";
import { RemoteFiles } from "./files.ts";
import { type Crash, KernelLifecycle, type RemotePlaces } from "./lifecycle.ts";
import { type Channel, type Incoming, textOf } from "./messages.ts";
import { Pending } from "./pending.ts";
import { PACKAGES, VARIABLES } from "./python.ts";
import { ASKED, type AskedCall, commContent, TOLD, type ToldCall, valuesOf } from "./requests.ts";
import type { JupyterRest } from "./rest.ts";

/** Options for {@linkcode RemoteHost}. */
export interface RemoteHostOptions {
  rest: JupyterRest;
  places: RemotePlaces;
  clock: Clock;
}

/** The most of a kernel's words that an error repeats, in UTF-16 code units. */
const MAX_REASON_LENGTH = 2_000;
/** The reason for the end of a kernel that another client has ended. */
const SHUT_DOWN = "it was shut down on its server by somebody else";
/** The reason for the loss of the state of a kernel that another client has restarted. */
const RESTARTED = "it was restarted on its server by somebody else";

/** A kernel of another Jupyter server, which is reached by that server's REST API and one websocket. */
export class RemoteHost implements KernelHost {
  readonly exited: Promise<string>;
  readonly memoryBytes = null;
  readonly #init: HostInit<RemoteOptions>;
  readonly #rest: JupyterRest;
  readonly #lifecycle: KernelLifecycle;
  readonly #places: RemotePlaces;
  readonly #clock: Clock;
  readonly #files: RemoteFiles;
  readonly #exit = Promise.withResolvers<string>();
  readonly #pending = new Pending();
  /** The requests whose events belong to an execution here, by the ids of their messages. */
  readonly #owners = new Map<string, string | undefined>();
  #kernelId: string | undefined;
  #connection: Connection | undefined;
  /** The kernel's description of itself. */
  #info: Record<string, unknown> | undefined;
  #cell: SentCell | undefined;
  /** The requests for input that were not answered. */
  readonly #inputs = new Set<string>();
  #terminated: Promise<{ leaked: boolean }> | undefined;
  #ended = false;
  #crashed: Crash | undefined;

  /** Starts nothing yet. */
  constructor(init: HostInit<RemoteOptions>, { rest, places, clock }: RemoteHostOptions) {
    this.#init = init;
    this.#rest = rest;
    this.#lifecycle = new KernelLifecycle(rest, init.options.remote, clock);
    this.#places = places;
    this.#clock = clock;
    this.#files = new RemoteFiles(rest);
    this.exited = this.#exit.promise;
  }

  /** A kernel whose process has died may be started again; one that was ended, or is away, is not. */
  get recovery(): KernelHost["recovery"] {
    const { onCrash, crashDelayMs: delayMs } = this.#rest.server;
    if (this.#crashed === "restarted") return { delayMs: 0 };
    return this.#crashed && onCrash !== "give_up" ? { delayMs } : undefined;
  }

  async start(): Promise<void> {
    const { kernelId } = this.#init.identity;
    const known = this.#places.get(kernelId);
    // A start that fails, or is ended meanwhile, ends the kernel that it was to revive.
    this.#kernelId = known?.id;
    const id = known === undefined
      ? await this.#lifecycle.start()
      : await this.#lifecycle.revive(known);
    this.#kernelId = id;
    if (this.#terminated) return void await this.#endRemote();
    this.#places.set(kernelId, { id });
    const connection = this.#connection = new Connection({
      rest: this.#rest,
      kernelId: id,
      clock: this.#clock,
      onMessage: (message) => this.#receive(message),
      onBadMessage: (reason) => this.#showLoss(this.#cell?.request.id, new Error(reason)),
      onDown: () => this.#onDown(),
      onUp: () => void this.#onUp(),
      onEnd: (reason) => this.#end(reason),
    });
    await connection.open();
    await this.#awaitAnswer();
  }

  async configure(): Promise<void> {
    // The policy refuses variables and directories for kernels of other servers.
  }

  async execute(request: ExecuteRequest): Promise<ExecuteReply> {
    this.#assertUp();
    using cell = new SentCell(request, {
      clock: this.#clock,
      silenceMs: this.#rest.server.requestTimeoutMs,
      isUp: () => this.#connection?.up ?? false,
    });
    this.#cell = cell;
    this.#own(cell.messageId, request.id);
    this.#send("shell", "execute_request", cell.messageId, {
      code: request.code,
      silent: request.silent,
      store_history: request.storeHistory,
      user_expressions: request.userExpressions,
      allow_stdin: request.allowStdin,
      stop_on_error: false,
    });
    try {
      return await cell.done;
    } finally {
      this.#cell = undefined;
      this.#inputs.clear();
    }
  }

  async call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers: Uint8Array[] = [],
  ): Promise<Answer<CallReplies[M]>> {
    this.#assertUp();
    if (isFileCall(method)) {
      // The arguments are those of the method, of which the compiler knows no more than that it is about files.
      return await this.#files.call(method, args as never, buffers);
    }
    try {
      const value = await this.#value(method, args, buffers);
      return { value: parseCallReply(method, value), buffers: [] };
    } catch (error) {
      if (error instanceof KernelError) throw error;
      throw new KernelError(
        "protocol_violation",
        `Jupyter server "${this.#rest.server.name}": its kernel's answer is none: ${
          messageOf(error)
        }`,
        { cause: error },
      );
    }
  }

  async interrupt(executionId: string): Promise<InterruptOutcome> {
    if (this.#cell?.request.id !== executionId || this.#kernelId === undefined) return "missed";
    try {
      await this.#lifecycle.interrupt(this.#kernelId);
      // An event loop that waits looks for signals at its next event only, and this message is one.
      void this.#ask("kernel_info_request", {}).catch(() => {});
      return "delivered";
    } catch {
      return "missed";
    }
  }

  async ping(timeoutMs: number): Promise<boolean> {
    if (this.#ended || !this.#connection?.up) return false;
    const answer = this.#ask("kernel_info_request", {}).then(() => true, () => false);
    return await within(timeoutMs, answer, { clock: this.#clock }) === true;
  }

  meter(): () => HostUsage {
    return () => ({ cpuMs: null, peakMemoryBytes: null });
  }

  terminate(reason: string, { replacing = false } = {}): Promise<{ leaked: boolean }> {
    if (replacing) return this.#terminated ?? this.#leave(reason);
    return this.#terminated ??= this.#terminate(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate("it was disposed");
  }

  /** Ends this end of the kernel only: another host takes its place on the server. */
  #leave(reason: string): Promise<{ leaked: boolean }> {
    this.#end(reason);
    return Promise.resolve({ leaked: false });
  }

  async #terminate(reason: string): Promise<{ leaked: boolean }> {
    this.#end(reason);
    this.#places.delete(this.#init.identity.kernelId);
    return { leaked: !await this.#endRemote() };
  }

  /** Ends the kernel on its server, if it is ours to end; false when the server did not confirm it. */
  async #endRemote(): Promise<boolean> {
    const id = this.#kernelId;
    if (id === undefined || this.#init.options.remote.keepRemote) return true;
    this.#kernelId = undefined;
    return await this.#lifecycle.end(id);
  }

  /** Asks until the kernel answers: a message that comes before the kernel listens is lost. */
  async #awaitAnswer(): Promise<void> {
    const { requestTimeoutMs, name } = this.#rest.server;
    const end = this.#clock.now() + requestTimeoutMs;
    // A kernel of somebody else may be computing, and answers later.
    if (this.#init.options.remote.remoteKernelId !== undefined) return;
    for (let patience = 500; this.#clock.now() < end; patience *= 2) {
      const answer = this.#ask("kernel_info_request", {});
      this.#info = await within(patience, answer, { clock: this.#clock });
      if (this.#info) return;
    }
    throw new KernelError(
      "timeout",
      `Jupyter server "${name}": its kernel did not answer within ${requestTimeoutMs / 1_000} s`,
    );
  }

  async #value<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers: readonly Uint8Array[],
  ): Promise<unknown> {
    if (method in ASKED) {
      // Told at the start: a kernel that computes answers nothing.
      if (method === "info" && this.#info) return ASKED.info.value(this.#info);
      // The translation and the arguments are those of one method.
      const { type, content, value } = ASKED[method as AskedCall];
      const asked = (content as (args: unknown) => Record<string, unknown>)(args);
      return value(await this.#ask(`${type}_request`, asked));
    }
    if (method in TOLD) {
      const told = args as CallArguments[ToldCall];
      const type = TOLD[method as ToldCall];
      await this.#tell(type, commContent(told), told.requestId, buffers, told.metadata);
      return {};
    }
    switch (method) {
      case "inputReply":
        return { accepted: this.#answerInput(args as CallArguments["inputReply"]) };
      case "variables":
        return await this.#evaluate("variables", VARIABLES);
      case "packages":
        return await this.#evaluate("packages", PACKAGES);
    }
    throw new KernelError("invalid_argument", `Kernels of other servers have no call "${method}"`);
  }

  /** Sends a request and returns the content of its reply. */
  async #ask(type: string, content: Record<string, unknown>): Promise<Record<string, unknown>> {
    const id = crypto.randomUUID();
    this.#assertUp();
    const reply = this.#pending.reply(id);
    this.#send("shell", type, id, content);
    const answer = await reply;
    if (answer["status"] !== "error") return answer;
    const { ename, evalue } = raised(answer);
    throw new KernelError("kernel_error", `${ename}: ${evalue.slice(0, MAX_REASON_LENGTH)}`);
  }

  /** Sends a message without a reply; resolves when the kernel has dealt with it. */
  async #tell(
    type: string,
    content: Record<string, unknown>,
    owner: string | undefined,
    buffers: readonly Uint8Array[],
    metadata?: unknown,
  ): Promise<void> {
    const id = crypto.randomUUID();
    this.#own(id, owner);
    const done = this.#pending.idle(id);
    this.#send("shell", type, id, content, buffers, metadata);
    await done;
  }

  /** Evaluates an expression that shows itself as JSON. */
  async #evaluate(what: string, expression: string): Promise<unknown> {
    if (this.#init.options.language !== "python") {
      throw new KernelError(
        "invalid_argument",
        `Cannot list ${what}: a "${this.#init.options.language}" kernel of another server cannot be asked`,
      );
    }
    const reply = await this.#ask("execute_request", {
      code: "",
      silent: true,
      store_history: false,
      user_expressions: { answer: expression },
      allow_stdin: false,
    });
    const answers = z.object({
      answer: z.object({ data: z.object({ "application/json": z.unknown() }) }),
    }).safeParse(reply["user_expressions"]);
    if (answers.success) return answers.data.answer.data["application/json"];
    throw new KernelError("kernel_error", `Cannot list ${what}: the kernel does not tell`);
  }

  /** False when nobody waits for that input. */
  #answerInput({ requestId, value }: CallArguments["inputReply"]): boolean {
    if (!this.#inputs.delete(requestId)) return false;
    // Jupyter has no other way to say that the input has ended.
    this.#send("stdin", "input_reply", crypto.randomUUID(), { value: value ?? "\x04" });
    return true;
  }

  #send(
    channel: Channel,
    type: string,
    id: string,
    content: Record<string, unknown>,
    buffers: readonly Uint8Array[] = [],
    metadata: unknown = {},
  ): void {
    this.#assertUp();
    this.#connection!.send({ channel, type, id, content, metadata, buffers });
  }

  #receive(message: Incoming): void {
    if (this.#ended) return;
    if (message.channel === "shell" || message.channel === "control") return this.#onReply(message);
    if (message.type === "status") return this.#onStatus(message);
    if (message.type === "shutdown_reply" && message.parentSession !== this.#connection!.session) {
      if (message.content.get("restart") !== "true") return this.#end(SHUT_DOWN);
      return this.#crash(RESTARTED, "restarted");
    }
    this.#show(message);
  }

  #onReply({ type, parentId, content }: Incoming): void {
    if (parentId === undefined || !type.endsWith("_reply")) return;
    const cell = this.#cell;
    if (cell?.messageId !== parentId) {
      // Nothing is made of a reply for which nobody waits.
      if (this.#pending.has(parentId)) this.#pending.replied(parentId, valuesOf(content));
      return;
    }
    cell.onReply(valuesOf(content));
  }

  #onStatus({ parentId, content }: Incoming): void {
    const state = textOf(content, "execution_state");
    if (state === "dead") return this.#crash("its process died", "dead");
    if (state.endsWith("restarting")) {
      return this.#crash("its process died, and its server restarts it", "restarting");
    }
    if (parentId === undefined) return;
    const cell = this.#cell;
    if (cell?.messageId === parentId) cell.onStatus(state);
    else if (state === "idle") this.#pending.becameIdle(parentId);
  }

  #show(message: Incoming): void {
    const { parentId, parentSession } = message;
    // Another client of the same kernel sees what it asked for; that is not our output.
    const foreign = parentSession !== undefined && parentSession !== "" &&
      parentSession !== this.#connection!.session;
    if (foreign && !message.type.startsWith("comm_")) return;
    const owner = parentId === undefined ? undefined : this.#owners.get(parentId);
    try {
      const event = eventOf(message, owner);
      if (!event) return;
      const cell = this.#cell;
      if (cell && cell.messageId === parentId) {
        cell.onShown();
        if (event.type === "input_request") this.#inputs.add(event.requestId);
      }
      this.#init.onEvent(event);
    } catch (error) {
      this.#showLoss(owner, error);
    }
  }

  /** Shows that an output was left out, in its place. */
  #showLoss(executionId: string | undefined, error: unknown): void {
    this.#notice(executionId, lostOutput(error));
  }

  #notice(executionId: string | undefined, text: string): void {
    const owner = executionId === undefined ? {} : { executionId };
    try {
      this.#init.onEvent({ type: "stream", name: "stderr", text, ...owner });
    } catch {
      // The execution that it is about is known no more, so that nobody sees its output.
    }
  }

  #onDown(): void {
    this.#cell?.onDown();
    this.#init.onReachable?.(false);
  }

  async #onUp(): Promise<void> {
    this.#init.onReachable?.(true);
    const cell = this.#cell;
    if (cell) {
      this.#notice(
        cell.request.id,
        `[The connection to the server "${this.#rest.server.name}" was lost for a while. ` +
          "Outputs of that time may be missing.]\n",
      );
    }
    const earlier = this.#pending.ids;
    // A kernel answers in order: whatever was sent before this question has no answer to come after it.
    await this.#ask("kernel_info_request", {}).catch(() => {});
    // Replies and outputs have channels of their own, so that the outputs are waited for too.
    const shown = this.#tell("kernel_info_request", {}, undefined, []).catch(() => {});
    await within(this.#rest.server.requestTimeoutMs, shown, { clock: this.#clock });
    if (this.#ended) return;
    const lost = new KernelError("unreachable", "The answer was lost with the connection");
    this.#pending.reject(earlier, lost);
    if (cell && this.#cell === cell) cell.onLaterAnswer();
  }

  #own(messageId: string, owner: string | undefined): void {
    this.#owners.set(messageId, owner);
    // The oldest are forgotten: what they show later is nobody's output.
    if (this.#owners.size > 10_000) this.#owners.delete(this.#owners.keys().next().value!);
  }

  #crash(reason: string, crash: Crash): void {
    this.#crashed = crash;
    this.#places.set(this.#init.identity.kernelId, { id: this.#kernelId!, crash });
    this.#end(reason);
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    const error = new KernelError("kernel_dead", reason);
    this.#connection?.close();
    this.#pending.close(error);
    this.#cell?.fail(error);
    this.#exit.resolve(reason);
  }

  #assertUp(): void {
    if (this.#ended || !this.#connection) {
      throw new KernelError("kernel_dead", "The kernel of the other server is not connected");
    }
  }
}

function isFileCall(method: CallMethod): method is FileMethod {
  return method.startsWith("file");
}
