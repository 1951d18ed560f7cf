import { getLogger } from "@logtape/logtape";
import type { Kernel, KernelEvent, LanguageInfo } from "../../../../kernel/mod.ts";
import { AutoRestart } from "../../../services/kernels/auto_restart.ts";
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

/** What a kernel's channels need of their surroundings. */
export interface KernelChannelsInit {
  kernel: Kernel;
  /** What kernels of its kind say of themselves. */
  languageInfo: () => Promise<LanguageInfo>;
  /** Ends the kernel. */
  shutdown: () => Promise<void>;
  /** Whether the kernel is there: one that was ended on purpose is not to be started again. */
  isWanted: () => boolean;
}

/** What the kernel takes as an execution's id; clients may call their messages anything. */
const EXECUTION_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** An execution that a client waits for. */
interface PendingExecution {
  client: JupyterClient;
  stopOnError: boolean;
  failed: boolean;
}

/**
 * Jupyter's channels of one kernel: what its clients ask, what they are answered, and what the kernel
 * reports, to all of them.
 */
export class KernelChannels {
  readonly #init: KernelChannelsInit;
  readonly #kernel: Kernel;
  /** Names the kernel's side in its messages. */
  readonly #session = crypto.randomUUID();
  readonly #clients = new Set<JupyterClient>();
  readonly #parents = new Parents();
  /** What clients have asked to be run, the oldest first. */
  readonly #pending = new Map<string, PendingExecution>();
  readonly #buffer = new ReplayBuffer();
  readonly #autoRestart = new AutoRestart();
  /** Settles when everything that was asked for before is answered. */
  #answered: Promise<void> = Promise.resolve();
  /** How many restarts that were asked for are under way. */
  #restarting = 0;
  /** The question of `input()` that waits for its answer. */
  #inputRequest: string | undefined;

  constructor(init: KernelChannelsInit) {
    this.#init = init;
    this.#kernel = init.kernel;
    init.kernel.events.on("*", (event) => this.#onEvent(event));
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.#clients.size;
  }

  /** Restarts the kernel because somebody has asked for it, which is no news to its clients. */
  async restart(): Promise<void> {
    this.#restarting++;
    try {
      await this.#kernel.restart();
    } finally {
      this.#restarting--;
    }
  }

  /** Connects a client: from now on it gets what the kernel reports. */
  attach(client: JupyterClient): void {
    for (const other of this.#clients) {
      // It has come back before the loss of its connection was noticed.
      if (other.sessionId === client.sessionId) {
        this.#clients.delete(other);
        other.dismiss("replaced by a new connection of the same session");
      }
    }
    this.#clients.add(client);
    client.onClose(() => this.#detach(client));
    client.listen(
      (message) => this.#receive(client, message),
      (problem) => getLogger("server").warning("bad jupyter message", { problem }),
    );
    for (const message of this.#buffer.take(client.sessionId)) client.send(message);
  }

  #detach(client: JupyterClient): void {
    if (!this.#clients.delete(client)) return;
    if (this.#clients.size === 0 && client.named) this.#buffer.begin(client.sessionId);
  }

  #receive(client: JupyterClient, { channel, header, content, metadata, buffers }: JupyterMessage) {
    if (channel === "iopub") return;
    if (channel === "stdin") return void this.#answerInput(content);
    const request = { id: header.msg_id, content, metadata, buffers };
    switch (header.msg_type) {
      case "execute_request":
        return this.#execute(client, header, content);
      case "kernel_info_request":
        return void this.#answer(
          client,
          channel,
          header,
          async () => kernelInfoReply(await this.#init.languageInfo()),
        );
      case "interrupt_request":
        return void this.#answer(client, channel, header, async () => {
          await this.#kernel.interrupt();
          return {};
        });
      case "shutdown_request":
        return void this.#shutdown(client, channel, header, content);
    }
    const handler = REQUESTS[header.msg_type];
    if (!handler) {
      getLogger("server").warning("unknown jupyter message", { type: header.msg_type });
      return;
    }
    void this.#answer(client, channel, header, async () => await handler(this.#kernel, request));
  }

  /** Answers a request, which the kernel is busy with meanwhile. */
  async #answer(
    client: JupyterClient,
    channel: JupyterChannel,
    header: JupyterHeader,
    handle: () => Promise<Record<string, unknown> | undefined>,
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
    this.#status("idle", header);
  }

  #execute(client: JupyterClient, header: JupyterHeader, content: Record<string, unknown>): void {
    // Python knows the execution by the message's id, by which outputs can be captured.
    const usable = EXECUTION_ID.test(header.msg_id) && !this.#pending.has(header.msg_id);
    const id = usable ? header.msg_id : crypto.randomUUID();
    this.#parents.add(header, id);
    try {
      const { code, stop_on_error: stopOnError, ...options } = executeContent.parse(content);
      const { result } = this.#kernel.submit(code, {
        id,
        silent: options.silent,
        storeHistory: options.silent ? false : options.store_history ?? true,
        userExpressions: options.user_expressions,
        allowStdin: options.allow_stdin,
      });
      this.#pending.set(id, { client, stopOnError, failed: false });
      const before = this.#answered;
      this.#answered = Promise.all([result, before]).then(([result]) => {
        this.#pending.delete(id);
        const ran = result.timings.startedAt !== null;
        if (!ran) this.#status("busy", header);
        const reply = executeReply(result);
        if (ran && result.status === "aborted") this.#tellDeath(header, reply.content);
        this.#reply(client, "shell", header, reply);
        if (!ran) this.#status("idle", header);
      });
    } catch (error) {
      this.#status("busy", header);
      const refused = { ...failure(error), execution_count: this.#kernel.info.executionCount };
      this.#reply(client, "shell", header, { msg_type: "execute_reply", content: refused });
      this.#status("idle", header);
    }
  }

  /** Why a cell was lost is seen below it. */
  #tellDeath(header: JupyterHeader, { ename, evalue, traceback }: Record<string, unknown>): void {
    const content = { ename, evalue, traceback: [`${ename}: ${evalue}`, ...traceback as string[]] };
    this.#publish({ msg_type: "error", content }, header);
    this.#status("idle", header);
  }

  /** What waits behind an execution that has failed is given up, before the next one has its turn. */
  #skipWaiting(endedId: string | undefined): void {
    const ended = this.#pending.get(endedId ?? "");
    if (!ended?.failed || !ended.stopOnError) return;
    for (const id of this.#pending.keys()) {
      if (id !== endedId) this.#kernel.cancelExecution(id);
    }
  }

  async #answerInput(content: Record<string, unknown>): Promise<void> {
    const requestId = this.#inputRequest;
    const answer = inputReplyContent.safeParse(content);
    if (requestId === undefined) return;
    this.#inputRequest = undefined;
    // What is no line ends the input: the cell must not wait for another.
    const value = answer.success ? answer.data.value : null;
    await this.#kernel.answerInput(requestId, value).catch(() => {});
  }

  async #shutdown(
    client: JupyterClient,
    channel: JupyterChannel,
    header: JupyterHeader,
    content: Record<string, unknown>,
  ): Promise<void> {
    const { restart } = shutdownContent.catch({ restart: false }).parse(content);
    await this.#answer(client, channel, header, () => Promise.resolve({ restart }));
    if (restart) await this.restart().catch(() => {});
    else await this.#init.shutdown();
  }

  #onEvent(event: KernelEvent): void {
    const parent = this.#parents.of(event.executionId);
    switch (event.type) {
      case "status":
        if (event.status === "dead") return this.#onDeath();
        // Clients take it for a restart that nobody has asked for, and connect anew.
        if (event.status === "restarting" && this.#restarting > 0) return;
        this.#status(event.status, parent);
        if (event.status === "idle") this.#skipWaiting(event.executionId);
        return;
      case "execute_error": {
        const failed = this.#pending.get(event.executionId ?? "");
        if (failed) failed.failed = true;
        break;
      }
      case "input_request":
        this.#inputRequest = event.requestId;
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

  #onDeath(): void {
    if (!this.#init.isWanted()) {
      this.#status("dead", undefined);
      for (const client of this.#clients) client.dismiss("the kernel was shut down");
      return;
    }
    const followed = this.#clients.size > 0 || this.#buffer.active;
    if (!followed || !this.#autoRestart.allowed()) return this.#status("dead", undefined);
    // Once those who have lost something know why. The kernel says itself that it restarts.
    void this.#answered.then(() => this.#kernel.restart()).catch(() => {});
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
