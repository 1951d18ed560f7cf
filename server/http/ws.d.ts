/** The parts of the package `ws` that the server uses; the package has no types of its own. */
import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

export class WebSocket {
  static readonly OPEN: 1;
  readonly protocol: string;
  readonly readyState: 0 | 1 | 2 | 3;
  readonly bufferedAmount: number;
  /** True while nothing is read. */
  readonly isPaused: boolean;
  binaryType: "nodebuffer" | "arraybuffer" | "fragments";
  send(data: string | ArrayBuffer | ArrayBufferView): void;
  ping(): void;
  /** Reads nothing until `resume`, so that the other side has to wait. */
  pause(): void;
  resume(): void;
  close(code?: number, reason?: string): void;
  terminate(): void;
  /** A message's data is a string or, with the binary type "arraybuffer", an `ArrayBuffer`. */
  addEventListener(
    type: "message",
    listener: (event: { data: string | ArrayBuffer }) => void,
  ): void;
  addEventListener(type: "close", listener: () => void, options?: { once?: boolean }): void;
  on(event: "message", listener: (data: Uint8Array, isBinary: boolean) => void): this;
  on(event: "close", listener: (code: number, reason: Uint8Array) => void): this;
  on(event: "error", listener: (error: unknown) => void): this;
  on(event: "ping" | "pong", listener: () => void): this;
  off(event: "message", listener: (data: Uint8Array, isBinary: boolean) => void): this;
  once(event: "close", listener: () => void): this;
}

export class WebSocketServer {
  constructor(options: {
    noServer: true;
    maxPayload: number;
    /** Returns the subprotocol that is used; false: none. */
    handleProtocols: (offered: Set<string>, request: IncomingMessage) => string | false;
  });
  readonly options: { noServer?: boolean };
  readonly clients: ReadonlySet<WebSocket>;
  on(event: "connection", listener: (socket: WebSocket, request: IncomingMessage) => void): this;
  on(event: "headers", listener: (headers: string[]) => void): this;
  off(event: "headers", listener: (headers: string[]) => void): this;
  emit(event: "connection", socket: WebSocket, request: IncomingMessage): boolean;
  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    callback: (socket: WebSocket) => void,
  ): void;
  close(): void;
}
