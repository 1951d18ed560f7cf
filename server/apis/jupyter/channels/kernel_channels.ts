import { getLogger } from "@logtape/logtape";
import type { KernelEvent } from "../../../../kernel/mod.ts";
import type { Executions } from "../../../services/executions/executions.ts";
import type { KernelHandle } from "../../../services/kernels/handle.ts";
import type { Kernels } from "../../../services/kernels/kernels.ts";
import type { KernelFollower } from "../../../services/kernels/supervisor.ts";
import type { JupyterClient } from "./client.ts";
import { eventMessage } from "./iopub.ts";
import {
  createMessage,
  type JupyterChannel,
  type JupyterHeader,
  type JupyterMessage,
  type MessageBody,
} from "./message.ts";
import { Parents } from "./parents.ts";
import { ReplayBuffer } from "./replay_buffer.ts";
import {
  executeContent,
  executeReply,
  failure,
  inputReplyContent,
  kernelInfoReply,
  replyType,
  REQUESTS,
  shutdownContent,
} from "./requests.ts";
import { WaitingRequests } from "./waiting_requests.ts";

/** The services that a kernel's channels use. */
export interface KernelChannelsInit {
  kernels: Kernels;
  executions: Executions;
}

/** The form of an execution's id; clients may call their messages anything. */
const EXECUTION_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** The most types of messages that are logged because nobody handles them. */
const MAX_UNKNOWN_TYPES = 20;

/** Says why a client is disconnected whose kernel has ended. */
const SHUT_DOWN = "the kernel was shut down";

/** An execution that a client waits for. */
interface PendingExecution {
  client: JupyterClient;
  stopOnError: boolean;
  failed: boolean;
}

/**
 * Jupyter's channels of one kernel: takes the clients' requests, answers each client, and reports the
 * kernel's events to all of them.
 */
export class KernelChannels implements KernelFollower {
  readonly #kernel: KernelHandle;
  readonly #kernels: Kernels;
  readonly #executions: Executions;
  /** Names the kernel's side in its messages. */
  readonly #session = crypto.randomUUID();
  readonly #clients = new Set<JupyterClient>();
  readonly #parents = new Parents();
  /** The executions that clients wait for, the oldest first. */
  readonly #pending = new Map<string, PendingExecution>();
  readonly #buffer = new ReplayBuffer();
  readonly #waiting = new WaitingRequests();
  readonly #unknownTypes = new Set<string>();
  /** The id of the execution that runs. */
  #running: string | undefined;
  /** The clients that have asked for the kernel's information. */
  readonly #informed = new WeakSet<JupyterClient>();
  /** The answered requests of clients that came during a cell; their `idle` follows when the cell ends. */
  readonly #waitingIdles = new Map<JupyterClient, JupyterHeader>();
  /** True once the kernel has ended for good. */
  #ended = false;
  /** Settles when the execute requests that came so far are submitted or refused. */
  #submitted: Promise<void> = Promise.resolve();
  /** Settles when the executions that were submitted so far are answered. */
  #answered: Promise<void> = Promise.resolve();

  constructor(kernel: KernelHandle, { kernels, executions }: KernelChannelsInit) {
    this.#kernel = kernel;
    this.#kernels = kernels;
    this.#executions = executions;
    kernel.on("*", (event) => this.#onEvent(event));
    kernels.follow(kernel.id, this);
  }

  get connections(): number {
    return this.#clients.size;
  }

  /** Also while a client is away that is expected to come back. */
  get wantsRestart(): boolean {
    return this.#clients.size > 0 || this.#buffer.active;
  }

  async reportLoss(): Promise<void> {
    await this.#submitted;
    await this.#answered;
  }

  onDead(): void {
    this.#status("dead", undefined);
  }

  onEnd(): void {
    this.#ended = true;
    this.#status("dead", undefined);
    for (const client of this.#clients) client.dismiss(SHUT_DOWN);
  }

  /** Connects a client: from now on it receives the kernel's messages. */
  attach(client: JupyterClient): void {
    if (this.#ended) return client.dismiss(SHUT_DOWN);
    for (const other of this.#clients) {
      // The client has come back before the loss of its connection was noticed.
      if (other.sessionId === client.sessionId) {
        this.#clients.delete(other);
        other.dismiss("replaced by a new connection of the same session");
      }
    }
    this.#clients.add(client);
    client.onClose(() => this.#detach(client));
    client.listen(
      (message, bytes) => this.#receive(client, message, bytes),
      (problem) => getLogger("server").warning("bad jupyter message", { problem }),
    );
    for (const message of this.#buffer.take(client.sessionId)) client.send(message);
  }

  #detach(client: JupyterClient): void {
    this.#waitingIdles.delete(client);
    if (!this.#clients.delete(client)) return;
    if (this.#clients.size === 0 && client.named) this.#buffer.begin(client.sessionId);
  }

  #receive(client: JupyterClient, message: JupyterMessage, bytes: number): void {
    const { channel, header, content } = message;
    if (channel === "iopub") return;
    if (channel === "stdin") return void this.#answerInput(content);
    // They are taken however many others wait.
    switch (header.msg_type) {
      case "interrupt_request":
        return void this.#answer(client, channel, header, async () => {
          await this.#kernel.interrupt();
          return {};
        });
      case "shutdown_request":
        return void this.#shutdown(client, channel, header, content);
    }
    let waiting: Disposable;
    try {
      waiting = this.#waiting.add(bytes);
    } catch (error) {
      return void this.#answer(client, channel, header, () => Promise.reject(error));
    }
    void this.#ask(client, message).finally(() => waiting[Symbol.dispose]());
  }

  /** Passes a request on to the kernel; resolves when it is answered, or a cell is submitted. */
  async #ask(client: JupyterClient, message: JupyterMessage): Promise<void> {
    const { channel, header, content, metadata, buffers } = message;
    switch (header.msg_type) {
      case "execute_request":
        this.#submitted = this.#submitted.then(() => this.#execute(client, header, content));
        return await this.#submitted;
      case "kernel_info_request":
        return await this.#inform(client, channel, header);
    }
    const { msg_type: type } = header;
    const handler = Object.hasOwn(REQUESTS, type) ? REQUESTS[type] : undefined;
    if (!handler) return this.#reportUnknown(type);
    const request = { id: header.msg_id, content, metadata, buffers };
    const { calls } = this.#kernel;
    await this.#answer(client, channel, header, async () => await handler(calls, request));
  }

  /** Logs a type of messages that nobody handles, once; a client can make up as many as it likes. */
  #reportUnknown(type: string): void {
    if (this.#unknownTypes.has(type) || this.#unknownTypes.size >= MAX_UNKNOWN_TYPES) return;
    this.#unknownTypes.add(type);
    getLogger("server").warning("unknown jupyter message", { type });
  }

  /** Answers a request; clients see the kernel as busy meanwhile. */
  async #answer(
    client: JupyterClient,
    channel: JupyterChannel,
    header: JupyterHeader,
    handle: () => Promise<Record<string, unknown> | undefined>,
    conclude = (header: JupyterHeader) => this.#conclude(header),
  ): Promise<void> {
    this.#parents.add(header);
    this.#status("busy", header);
    let content: Record<string, unknown> | undefined;
    try {
      const answer = await handle();
      content = answer && { status: "ok", ...answer };
    } catch (error) {
      content = failure(error);
    }
    const msg_type = replyType(header.msg_type);
    if (content && msg_type !== header.msg_type) {
      this.#reply(client, channel, header, { msg_type, content });
    }
    conclude(header);
  }

  /**
   * Answers a request for the kernel's information. A client that has just come learns the kernel's status
   * by that of its first request: while a cell runs, that status stays busy until the cell ends.
   */
  async #inform(
    client: JupyterClient,
    channel: JupyterChannel,
    header: JupyterHeader,
  ): Promise<void> {
    const arrives = !this.#informed.has(client);
    this.#informed.add(client);
    await this.#answer(
      client,
      channel,
      header,
      async () => kernelInfoReply(await this.#kernel.calls.languageInfo()),
      () => {
        if (arrives && this.#kernel.info.status === "busy") this.#waitingIdles.set(client, header);
        else this.#conclude(header);
      },
    );
  }

  /**
   * Ends a request that is no running cell. Clients take the status that came last for the kernel's, so
   * that they hear once more of a cell that runs.
   */
  #conclude(header: JupyterHeader): void {
    this.#status("idle", header);
    if (this.#kernel.info.status === "busy") this.#status("busy", this.#parents.of(this.#running));
  }

  /** Submits a cell; its reply follows when it is done. Never rejects. */
  async #execute(
    client: JupyterClient,
    header: JupyterHeader,
    content: Record<string, unknown>,
  ): Promise<void> {
    let id: string | undefined;
    try {
      id = await this.#executionId(header.msg_id);
      this.#parents.add(header, id);
      const { code, stop_on_error: stopOnError, ...options } = executeContent.parse(content);
      // Before the kernel has the cell: its events may come at once.
      this.#pending.set(id, { client, stopOnError, failed: false });
      const { result } = await this.#executions.submit(this.#kernel.id, {
        id,
        code,
        origin: "jupyter",
        silent: options.silent,
        storeHistory: options.silent ? false : options.store_history ?? true,
        userExpressions: options.user_expressions,
        allowStdin: options.allow_stdin,
      });
      const before = this.#answered;
      this.#answered = Promise.all([result, before]).then(([result]) => {
        this.#pending.delete(result.id);
        const ran = result.timings.startedAt !== null;
        if (!ran) this.#status("busy", header);
        const reply = executeReply(result, this.#kernel.info.executionCount);
        if (ran && result.status === "aborted") this.#reportDeath(header, reply.content);
        this.#reply(client, "shell", header, reply);
        if (!ran) this.#conclude(header);
      });
    } catch (error) {
      if (id !== undefined) this.#pending.delete(id);
      this.#status("busy", header);
      const refused = { ...failure(error), execution_count: this.#kernel.info.executionCount };
      this.#reply(client, "shell", header, { msg_type: "execute_reply", content: refused });
      this.#conclude(header);
    }
  }

  /**
   * Chooses the id of an execution: its message's, by which Python captures outputs, unless that is no
   * id or has been used.
   */
  async #executionId(messageId: string): Promise<string> {
    const usable = EXECUTION_ID.test(messageId) && !(await this.#executions.has(messageId));
    return usable ? messageId : crypto.randomUUID();
  }

  /** Shows below a cell why it was lost. */
  #reportDeath(header: JupyterHeader, { ename, evalue, traceback }: Record<string, unknown>): void {
    const content = { ename, evalue, traceback: [`${ename}: ${evalue}`, ...traceback as string[]] };
    this.#publish({ msg_type: "error", content }, header);
    this.#status("idle", header);
  }

  /** Gives up the cells that wait behind a failed one, before the next of them has its turn. */
  #skipWaiting(endedId: string | undefined): void {
    const ended = this.#pending.get(endedId ?? "");
    if (!ended?.failed || !ended.stopOnError) return;
    for (const id of this.#pending.keys()) {
      if (id !== endedId) void this.#executions.getLive(id)?.dequeue();
    }
  }

  async #answerInput(content: Record<string, unknown>): Promise<void> {
    const answer = inputReplyContent.safeParse(content);
    // An answer without a line ends the input: the cell must not wait for another answer.
    const value = answer.success ? answer.data.value : null;
    await this.#executions.answerKernelInput(this.#kernel.id, value).catch(() => {});
  }

  async #shutdown(
    client: JupyterClient,
    channel: JupyterChannel,
    header: JupyterHeader,
    content: Record<string, unknown>,
  ): Promise<void> {
    const { restart } = shutdownContent.catch({ restart: false }).parse(content);
    await this.#answer(client, channel, header, () => Promise.resolve({ restart }));
    // A kernel that does not start again says so by its status.
    if (restart) await this.#kernels.restart(this.#kernel.id).catch(() => {});
    else await this.#kernels.terminate(this.#kernel.id);
  }

  #onEvent(event: KernelEvent): void {
    const parent = this.#parents.of(event.executionId);
    switch (event.type) {
      case "status":
        // `onDead` and `onEnd` follow, or a restart.
        if (event.status === "dead") return;
        // Clients take the status for a restart that nobody has asked for, and connect anew.
        if (event.status === "restarting" && this.#kernels.isRestarting(this.#kernel.id)) return;
        // Jupyter has no such state, and what runs goes on; its clients show "unknown" as what it is.
        if (event.status === "unreachable") return this.#status("unknown", parent);
        this.#running = event.status === "busy" ? event.executionId : undefined;
        this.#status(event.status, parent);
        if (event.status !== "idle") return;
        for (const header of this.#waitingIdles.values()) this.#status("idle", header);
        this.#waitingIdles.clear();
        this.#skipWaiting(event.executionId);
        return;
      case "execute_error": {
        const failed = this.#pending.get(event.executionId ?? "");
        if (failed) failed.failed = true;
      }
    }
    const said = eventMessage(event);
    if (!said) return;
    const { channel, ...body } = said;
    if (channel === "iopub") return this.#publish(body, parent);
    const asked = event.executionId === undefined
      ? undefined
      : this.#pending.get(event.executionId);
    if (asked && parent) this.#reply(asked.client, channel, parent, body);
  }

  #status(execution_state: string, parent: JupyterHeader | undefined): void {
    this.#publish({ msg_type: "status", content: { execution_state } }, parent);
  }

  #publish(body: MessageBody, parent: JupyterHeader | undefined): void {
    if (this.#clients.size === 0 && !this.#buffer.active) return;
    const message = createMessage("iopub", this.#session, body, parent);
    for (const client of this.#clients) client.send(message);
    if (this.#clients.size === 0) this.#buffer.add(message);
  }

  #reply(
    client: JupyterClient,
    channel: JupyterChannel,
    parent: JupyterHeader,
    body: MessageBody,
  ): void {
    const message = createMessage(channel, this.#session, body, parent);
    const present = [...this.#clients].find(({ sessionId }) => sessionId === client.sessionId);
    if (present) present.send(message);
    else this.#buffer.addFor(client.sessionId, message);
  }
}
