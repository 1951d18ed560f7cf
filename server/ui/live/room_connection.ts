import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import {
  messageYjsSyncStep2,
  readSyncMessage,
  writeSyncStep1,
  writeUpdate,
} from "y-protocols/sync";
import { callJson } from "../api/client.ts";
import { SharedDocument } from "../../services/notebooks/shared_document.ts";

/** The type of messages of Yjs's protocol that carry content. */
const SYNC = 0;

/** The callbacks of a {@linkcode RoomConnection}. */
export interface RoomObserver {
  /** Called once, when the document has everything that the server has. */
  onOpen(document: SharedDocument): void;
  /** Called when the server has everything that was changed here so far. */
  onAcknowledged(): void;
  /** Called once, when the connection is lost. */
  onClose(): void;
}

/**
 * A `RoomConnection` is one connection with a notebook that is open in the server. It begins with a new
 * document: what was changed without a connection is merged by the one who has it.
 */
export class RoomConnection implements Disposable {
  readonly document = new SharedDocument();
  readonly #socket: WebSocket;
  readonly #observer: RoomObserver;
  /** The number of changes so far, and the number of those that the last question was asked after. */
  #changes = 0;
  #asked: number | undefined;
  #acknowledged = 0;
  #isOpen = false;
  #isClosed = false;

  private constructor(socket: WebSocket, observer: RoomObserver) {
    this.#socket = socket;
    this.#observer = observer;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.#onMessage(new Uint8Array(data));
    socket.onopen = () => this.#ask();
    socket.onclose = () => this.#close();
    this.document.ydoc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === this) return;
      this.#changes++;
      this.#send((encoder) => writeUpdate(encoder, update));
      this.#ask();
    });
  }

  /**
   * Connects with the notebook of a path.
   *
   * @throws {ApiError} if the server does not have it or cannot be reached.
   */
  static async open(path: string, observer: RoomObserver): Promise<RoomConnection> {
    const place = path.split("/").map(encodeURIComponent).join("/");
    const { format, type, fileId } = await callJson<Record<string, string>>(
      `/api/collaboration/session/${place}`,
      { method: "PUT", body: { format: "json", type: "notebook" } },
    );
    const room = new URL(`/api/collaboration/room/${format}:${type}:${fileId}`, location.href);
    room.protocol = room.protocol.replace("http", "ws");
    return new RoomConnection(new WebSocket(room), observer);
  }

  /** True when the server has everything that was changed here. */
  get isAcknowledged(): boolean {
    return this.#isOpen && !this.#isClosed && this.#acknowledged === this.#changes;
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#socket.close();
    this.document[Symbol.dispose]();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#observer.onClose();
  }

  /** Asks the server for what is missing here. Its answer comes after it has taken in what was sent before. */
  #ask(): void {
    if (this.#asked !== undefined || this.#socket.readyState !== WebSocket.OPEN) return;
    this.#asked = this.#changes;
    this.#send((encoder) => writeSyncStep1(encoder, this.document.ydoc));
  }

  #onMessage(message: Uint8Array): void {
    if (this.#isClosed) return;
    const decoder = decoding.createDecoder(message);
    if (decoding.readVarUint(decoder) !== SYNC) return;
    const answer = encoding.createEncoder();
    encoding.writeVarUint(answer, SYNC);
    const step = readSyncMessage(decoder, answer, this.document.ydoc, this);
    if (encoding.length(answer) > 1) this.#socket.send(encoding.toUint8Array(answer));
    if (step !== messageYjsSyncStep2 || this.#asked === undefined) return;
    this.#acknowledged = this.#asked;
    this.#asked = undefined;
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#observer.onOpen(this.document);
    }
    if (this.#acknowledged < this.#changes) this.#ask();
    else this.#observer.onAcknowledged();
  }

  #send(write: (encoder: encoding.Encoder) => void): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, SYNC);
    write(encoder);
    this.#socket.send(encoding.toUint8Array(encoder));
  }
}
