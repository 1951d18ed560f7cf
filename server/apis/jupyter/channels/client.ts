// @ts-types="../../../http/ws.d.ts"
import { WebSocket } from "ws";
import type { FrameFormat } from "./frames.ts";
import { createMessage, type JupyterMessage } from "./message.ts";
import { messageOf } from "../../../errors/service_error.ts";

/** The bytes that may wait for a client before outputs are left out, until the client has caught up. */
const MAX_WAITING_OUTPUT_BYTES = 16 * 2 ** 20;
/** The bytes that may wait for a client before it is disconnected. */
const MAX_WAITING_BYTES = 64 * 2 ** 20;
/** The close code for a client that is disconnected because it does not read. */
const TOO_SLOW = 4008;
const NORMAL = 1000;

/** The types of messages that may be left out. */
const OUTPUTS = new Set(["stream", "display_data", "update_display_data", "execute_result"]);

/**
 * One websocket of a client. Messages that cannot be sent at once wait up to a bound; beyond it outputs
 * are left out, with a notice for the reader, while status, replies and errors still go through.
 */
export class JupyterClient {
  /** The client's name for itself, by which it is known again after it has lost its connection. */
  readonly sessionId: string;
  /** True when the client chose the name. */
  readonly named: boolean;
  readonly #socket: WebSocket;
  readonly #format: FrameFormat;
  /** The number of outputs that were left out since the last notice. */
  #leftOut = 0;
  /** The parent header of the first of them. */
  #leftOutOf: JupyterMessage["parent_header"] = {};

  constructor(socket: WebSocket, format: FrameFormat, sessionId: string | undefined) {
    this.#socket = socket;
    this.#format = format;
    this.named = sessionId !== undefined;
    this.sessionId = sessionId ?? crypto.randomUUID();
    socket.binaryType = "arraybuffer";
  }

  /**
   * Calls `onMessage` with each message of the client and the message's size in bytes, and `onProblem` with the fault
   * of the first bad frame: a client that repeats itself must not fill the log.
   */
  listen(
    onMessage: (message: JupyterMessage, bytes: number) => void,
    onProblem: (text: string) => void,
  ): void {
    let isTold = false;
    this.#socket.addEventListener("message", ({ data }) => {
      let message: JupyterMessage;
      try {
        message = this.#format.decode(data);
      } catch (error) {
        if (!isTold) onProblem(messageOf(error));
        isTold = true;
        return;
      }
      onMessage(message, typeof data === "string" ? data.length : data.byteLength);
    });
  }

  /** Calls `listener` once, when the client is gone. */
  onClose(listener: () => void): void {
    this.#socket.addEventListener("close", listener, { once: true });
  }

  /** Sends a message, or leaves it out when too much waits already. */
  send(message: JupyterMessage): void {
    const socket = this.#socket;
    if (socket.readyState !== WebSocket.OPEN) return;
    const waiting = socket.bufferedAmount;
    if (waiting > MAX_WAITING_BYTES) return this.#close(TOO_SLOW, "the client reads too slowly");
    if (waiting > MAX_WAITING_OUTPUT_BYTES && OUTPUTS.has(message.header.msg_type)) {
      if (this.#leftOut++ === 0) this.#leftOutOf = message.parent_header;
      return;
    }
    // Only once there is room again: otherwise there would be a notice for each output.
    if (this.#leftOut > 0 && waiting < MAX_WAITING_OUTPUT_BYTES / 2) this.#sendNotice();
    socket.send(this.#format.encode(message));
  }

  /** Closes the connection: the kernel is gone, or the client has another connection. */
  dismiss(reason: string): void {
    this.#close(NORMAL, reason);
  }

  #close(code: number, reason: string): void {
    if (this.#socket.readyState <= WebSocket.OPEN) this.#socket.close(code, reason.slice(0, 100));
  }

  #sendNotice(): void {
    const text =
      `\n[${this.#leftOut} outputs are missing here: they came faster than this client ` +
      "could read them.]\n";
    this.#leftOut = 0;
    const notice = createMessage("iopub", this.sessionId, {
      msg_type: "stream",
      content: { name: "stderr", text },
    }, undefined);
    this.#socket.send(this.#format.encode({ ...notice, parent_header: this.#leftOutOf }));
  }
}
