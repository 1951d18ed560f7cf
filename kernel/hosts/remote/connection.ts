// @ts-types="./ws_client.d.ts"
import { WebSocket } from "npm:ws@8.23.0";
import { setImmediate } from "node:timers";
import { z } from "npm:zod@4.6.7";
import type { Clock } from "../../clock.ts";
import { delay, within } from "../../deadline.ts";
import { KernelError, messageOf } from "../../errors.ts";
import { V1_PROTOCOL } from "../../jupyter_frames.ts";
import { decodeMessage, encodeMessage, type Incoming, type Outgoing } from "./messages.ts";
import { type JupyterRest, reasonOf } from "./rest.ts";

/** The pauses between attempts to connect again: each is twice the one before, in milliseconds. */
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5_000;
/** The time after which a connection counts as one that holds, in milliseconds. */
const STABLE_MS = 5_000;
/** The time between two questions whether the server is still there, in milliseconds. */
const HEARTBEAT_MS = 15_000;
/** The most messages that wait for a connection. */
const MAX_WAITING = 10_000;
/** The largest message of a kernel, in bytes. */
const MAX_MESSAGE_BYTES = 64 * 2 ** 20;
/** The time for a kernel's messages after which everything else of this process comes, in milliseconds. */
const TURN_MS = 5;

/** Options for {@linkcode Connection}. */
export interface ConnectionOptions {
  rest: JupyterRest;
  /** The id of the kernel on its server. */
  kernelId: string;
  /** Receives the messages of the kernel, in order. */
  onMessage: (message: Incoming) => void;
  /** Called when a message is no message, or one beyond the bounds. */
  onBadMessage: (reason: string) => void;
  /** Called when the connection is lost; another one is being tried. */
  onDown: () => void;
  /** Called when the connection is there again. */
  onUp: () => void;
  /** Called once, when the kernel is gone or its server has been away for too long. */
  onEnd: (reason: string) => void;
  clock: Clock;
}

/**
 * The websocket to one kernel's channels. When it breaks, another one is opened with the same session, so
 * that the server hands over what it has kept meanwhile. It is not the engine's, which gives one message after the
 * other as long as some come, and lets nothing else of this process have a turn.
 */
export class Connection {
  readonly session: string = crypto.randomUUID();
  readonly #options: ConnectionOptions;
  readonly #closing = new AbortController();
  #socket: WebSocket | undefined;
  #waiting: Outgoing[] = [];
  #heartbeat: Disposable | undefined;
  /** The next pause before an attempt, in milliseconds. */
  #pause = FIRST_PAUSE_MS;
  #upSince = 0;
  /** True when a message has come through this websocket. */
  #heard = false;
  /** True when the server speaks the subprotocol. */
  #v1 = false;
  /** The moment when the present turn of messages began; undefined between two turns. */
  #turnSince: number | undefined;
  /** The moment when the kernel counts as dead; undefined while its server is there. */
  #deadline: number | undefined;
  #reconnecting = false;

  /** Opens nothing yet. */
  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** True while messages reach the kernel. */
  get up(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /**
   * Opens the first websocket.
   *
   * @throws {KernelError} `unreachable`.
   */
  async open(): Promise<void> {
    await this.#connect();
    this.#watch();
  }

  /**
   * Sends a message, or keeps it until there is a connection.
   *
   * @throws {KernelError} `limit_exceeded` when too many wait.
   */
  send(message: Outgoing): void {
    if (this.up) return this.#send(message);
    if (this.#waiting.length >= MAX_WAITING) {
      throw new KernelError("limit_exceeded", "Too many messages wait for the connection");
    }
    this.#waiting.push(message);
  }

  /** Closes the websocket for good; nothing is called back afterwards. */
  close(): void {
    this.#closing.abort();
    this.#heartbeat?.[Symbol.dispose]();
    this.#waiting = [];
    this.#drop();
  }

  async #connect(): Promise<void> {
    const { rest, kernelId, clock } = this.#options;
    const url = rest.address(["api", "kernels", kernelId, "channels"], {
      session_id: this.session,
    });
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = openSocket(url, rest.headers);
    socket.binaryType = "arraybuffer";
    socket.once("upgrade", ({ headers }) => {
      this.#v1 = headers["sec-websocket-protocol"] === V1_PROTOCOL;
      // An older server chooses none of the offered ones, for which the package ends the connection.
      headers["sec-websocket-protocol"] ??= V1_PROTOCOL;
    });
    const opened = Promise.withResolvers<true>();
    let why = "the connection was refused";
    socket.onopen = () => opened.resolve(true);
    socket.onerror = ({ message }) => why = reasonOf(message);
    socket.onclose = () => opened.reject(new Error(why));
    this.#socket = socket;
    try {
      const { connectTimeoutMs } = rest.server;
      const { signal } = this.#closing;
      const open = await within(connectTimeoutMs, opened.promise, { clock, signal });
      if (!open) throw new Error(`no connection within ${connectTimeoutMs / 1_000} s`);
    } catch (error) {
      this.#drop();
      throw new KernelError(
        "unreachable",
        `Jupyter server "${rest.server.name}": its websocket cannot be opened (${
          messageOf(error)
        })`,
      );
    }
    this.#upSince = clock.now();
    this.#heard = false;
    socket.onmessage = ({ data }) => {
      this.#receive(data);
      this.#endTurn(socket);
    };
    socket.onclose = () => void this.#reconnect();
    // The end follows an error, such as a message that is too large.
    socket.onerror = () => {};
  }

  /** Stops reading after a while, until everything else that waits in this process has had its turn. */
  #endTurn(socket: WebSocket): void {
    const now = performance.now();
    if (this.#turnSince === undefined) {
      this.#turnSince = now;
      setImmediate(() => {
        this.#turnSince = undefined;
        if (socket.isPaused) socket.resume();
      });
    } else if (now - this.#turnSince >= TURN_MS && !socket.isPaused) socket.pause();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // A socket that fails while it ends has nobody to tell it to.
    socket.onerror = () => {};
    socket.terminate();
  }

  #receive(data: string | ArrayBuffer): void {
    try {
      const message = decodeMessage(data, this.#v1);
      this.#heard = true;
      this.#options.onMessage(message);
    } catch (error) {
      // An error that leaves the listener of a websocket would end this server.
      this.#options.onBadMessage(messageOf(error));
    }
  }

  #send(message: Outgoing): void {
    this.#socket!.send(encodeMessage(message, this.session, this.#v1));
  }

  /** Tries until there is a connection again, the kernel is gone, or the time is over. */
  async #reconnect(): Promise<void> {
    if (this.#closing.signal.aborted || this.#reconnecting) return;
    this.#reconnecting = true;
    this.#heartbeat?.[Symbol.dispose]();
    this.#drop();
    const { rest: { server }, clock, onDown, onUp, onEnd } = this.#options;
    const { signal } = this.#closing;
    onDown();
    // A server that ends each connection at once is away too: its time goes on, and so do the pauses.
    const held = clock.now() - this.#upSince >= STABLE_MS;
    if (held) this.#pause = FIRST_PAUSE_MS;
    if (held || this.#heard) this.#deadline = undefined;
    this.#deadline ??= clock.now() + server.reconnectTimeoutMs;
    let reason = "the connection was lost";
    for (let first = true; clock.now() < this.#deadline; first = false) {
      if (!first || this.#pause > FIRST_PAUSE_MS) {
        // A random part keeps many kernels from asking a server at one moment when it comes back.
        await delay(this.#pause * (0.5 + Math.random() / 2), { signal, clock });
        if (signal.aborted) return;
      }
      this.#pause = Math.min(2 * this.#pause, LAST_PAUSE_MS);
      try {
        await this.#assertThere();
        await this.#connect();
      } catch (error) {
        if (signal.aborted) return;
        reason = messageOf(error);
        if (error instanceof KernelError && isFinal(error)) return onEnd(reason);
        continue;
      }
      if (signal.aborted) return this.#drop();
      this.#reconnecting = false;
      this.#watch();
      // These come first: what the kernel is asked after the loss is answered after them.
      for (const message of this.#waiting.splice(0)) this.send(message);
      return onUp();
    }
    onEnd(`${reason}; it was away for ${server.reconnectTimeoutMs / 1_000} s`);
  }

  /** @throws {KernelError} `not_found` when the kernel is not there any more. */
  async #assertThere(): Promise<void> {
    const { rest, kernelId } = this.#options;
    const { connectTimeoutMs: timeoutMs } = rest.server;
    await rest.ask({ path: ["api", "kernels", kernelId], timeoutMs }, z.object({ id: z.string() }));
  }

  /** Asks from time to time whether the server is there: a dead connection can look like a silent one. */
  #watch(): void {
    const socket = this.#socket;
    this.#heartbeat = this.#options.clock.after(HEARTBEAT_MS, async () => {
      const there = await this.#assertThere().then(() => true, () => false);
      // Another websocket, which was opened meanwhile, has a watch of its own.
      if (this.#socket !== socket) return;
      if (!there) void this.#reconnect();
      else if (this.up) this.#watch();
    });
  }
}

/** Returns true for an answer that does not change by waiting. */
function isFinal({ code }: KernelError): boolean {
  return code === "not_found" || code === "permission_denied" || code === "protocol_violation";
}

function openSocket(url: URL, headers: Record<string, string>): WebSocket {
  return new WebSocket(url, [V1_PROTOCOL], {
    headers,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
}
