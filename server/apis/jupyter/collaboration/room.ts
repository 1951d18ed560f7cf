import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import {
  messageYjsSyncStep1,
  readSyncMessage,
  writeSyncStep1,
  writeUpdate,
} from "y-protocols/sync";
// @ts-types="../../../http/ws.d.ts"
import { WebSocket } from "ws";
import type { LiveNotebook } from "../../../services/notebooks/live_notebook.ts";

/** The types of messages, as Yjs's websocket providers number them. */
const SYNC = 0;
const AWARENESS = 1;

/** The bytes that may wait for a client before it is disconnected; it connects again and gets everything. */
const MAX_WAITING_BYTES = 64 * 2 ** 20;
/** The largest message about a reader, such as the place of the cursor, in bytes. */
const MAX_AWARENESS_BYTES = 64 * 2 ** 10;
/** The close codes, beside those of the websocket protocol. */
const TOO_SLOW = 4008;
const UNREADABLE = 1007;

/** A `Room` passes what one client changes in an open notebook on to the others. */
export class Room {
  readonly #notebook: LiveNotebook;
  readonly #clients = new Set<WebSocket>();

  constructor(notebook: LiveNotebook) {
    this.#notebook = notebook;
    const { ydoc } = notebook.document;
    ydoc.on("update", (update: Uint8Array, origin: unknown) => {
      const message = syncMessage((encoder) => writeUpdate(encoder, update));
      for (const client of this.#clients) if (client !== origin) send(client, message);
    });
    ydoc.on("destroy", () => {
      for (const client of this.#clients) client.close(1001, "The notebook is closed");
    });
  }

  /** Lets a client follow and change the notebook until its websocket closes. */
  attach(socket: WebSocket): void {
    const held = this.#notebook.hold();
    this.#clients.add(socket);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      try {
        if (typeof data === "string") throw new TypeError("A message is binary");
        this.#onMessage(socket, new Uint8Array(data));
      } catch {
        socket.close(UNREADABLE, "This is no message of Yjs's protocol");
      }
    });
    socket.once("close", () => {
      this.#clients.delete(socket);
      held[Symbol.dispose]();
    });
    const { ydoc } = this.#notebook.document;
    send(socket, syncMessage((encoder) => writeSyncStep1(encoder, ydoc)));
  }

  #onMessage(socket: WebSocket, message: Uint8Array): void {
    const decoder = decoding.createDecoder(message);
    const type = decoding.readVarUint(decoder);
    if (type === AWARENESS) {
      if (message.length > MAX_AWARENESS_BYTES) return;
      for (const client of this.#clients) if (client !== socket) send(client, message);
    }
    if (type !== SYNC) return;
    const answer = encoding.createEncoder();
    encoding.writeVarUint(answer, SYNC);
    const { ydoc } = this.#notebook.document;
    const step = readSyncMessage(decoder, answer, ydoc, socket, (error) => {
      throw error;
    });
    if (step === messageYjsSyncStep1) send(socket, encoding.toUint8Array(answer));
  }
}

function syncMessage(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

function send(socket: WebSocket, message: Uint8Array): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount > MAX_WAITING_BYTES) {
    return socket.close(TOO_SLOW, "The client is too slow");
  }
  socket.send(message);
}
