/** The parts of the package `ws` that a client uses; the package has no types of its own. */
export class WebSocket {
  static readonly OPEN: 1;
  readonly readyState: 0 | 1 | 2 | 3;
  /** True while nothing is read. */
  readonly isPaused: boolean;
  binaryType: "nodebuffer" | "arraybuffer" | "fragments";
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onerror: ((event: { message: string }) => void) | null;
  /** A message's data is a string or, with the binary type "arraybuffer", an `ArrayBuffer`. */
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null;

  constructor(address: URL, protocols: string[], options: {
    headers: Record<string, string>;
    /** The most bytes of a message; a longer one ends the connection. */
    maxPayload: number;
    perMessageDeflate: boolean;
  });

  /** The answer of the server, before anything in it was looked at. */
  once(
    event: "upgrade",
    listener: (response: { headers: Record<string, string | undefined> }) => void,
  ): this;
  send(data: string | Uint8Array): void;
  /** Reads nothing until `resume`, so that the other side has to wait. */
  pause(): void;
  resume(): void;
  /** Ends the connection at once. */
  terminate(): void;
}
