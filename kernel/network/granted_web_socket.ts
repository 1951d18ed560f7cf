import { messageOf } from "../errors.ts";
import { type CheckHost, hostOf } from "./granted_fetch.ts";
import { toRefusal } from "./refusals.ts";

/** Taken before user code could declare variables of these names. */
const { CloseEvent, DOMException, ErrorEvent, Event, EventTarget, MessageEvent, URL, WebSocket } =
  globalThis;

type Handler<E extends Event> = ((event: E) => unknown) | null;
/** The events of a socket, in the order in which their handlers are listed. */
const EVENTS = ["open", "message", "error", "close"] as const;

/** A `WebSocket` that is not opened before its host was checked. */
export function grantedWebSocket(check: CheckHost): typeof WebSocket {
  class GrantedWebSocket extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly CONNECTING = 0;
    readonly OPEN = 1;
    readonly CLOSING = 2;
    readonly CLOSED = 3;
    readonly #url: string;
    readonly #handlers: Partial<Record<string, Handler<Event>>> = {};
    #socket: WebSocket | undefined;
    #binaryType: BinaryType = "blob";
    /** The state while there is no socket yet, or when its host was refused. */
    #state: 0 | 2 | 3 = 0;

    constructor(url: string | URL, options?: string | string[] | WebSocketOptions) {
      super();
      const address = URL.parse(String(url));
      if (!address || !/^(wss?|https?):$/.test(address.protocol) || address.hash !== "") {
        throw new DOMException(`Cannot open "${url}": it is no address of a socket`, "SyntaxError");
      }
      address.protocol = address.protocol.replace(/^http/, "ws");
      this.#url = address.href;
      void this.#open(address, options);
    }

    get url(): string {
      return this.#url;
    }
    get readyState(): number {
      return this.#socket?.readyState ?? this.#state;
    }
    get bufferedAmount(): number {
      return this.#socket?.bufferedAmount ?? 0;
    }
    get extensions(): string {
      return this.#socket?.extensions ?? "";
    }
    get protocol(): string {
      return this.#socket?.protocol ?? "";
    }
    get binaryType(): BinaryType {
      return this.#binaryType;
    }
    set binaryType(type: BinaryType) {
      if (type !== "blob" && type !== "arraybuffer") return;
      this.#binaryType = type;
      if (this.#socket) this.#socket.binaryType = type;
    }

    send(data: string | ArrayBufferLike | Blob | ArrayBufferView<ArrayBuffer>): void {
      if (this.#socket) return this.#socket.send(data);
      if (this.#state === 0) {
        throw new DOMException("The socket is not open yet", "InvalidStateError");
      }
    }

    close(code?: number, reason?: string): void {
      if (this.#socket) return this.#socket.close(code, reason);
      if (this.#state === 0) this.#state = 2;
    }

    async #open(
      address: URL,
      options: string | string[] | WebSocketOptions | undefined,
    ): Promise<void> {
      try {
        await check(...hostOf(address));
        if (this.#state === 2) throw new Error("The socket was closed before it was open");
        // The types of browsers, with which the page is checked, lack the engine's options.
        this.#follow(new WebSocket(address, options as string[]));
      } catch (thrown) {
        const error = toRefusal(thrown, address.hostname) ?? thrown;
        this.#state = 3;
        this.#give(new ErrorEvent("error", { message: messageOf(error), error }));
        this.#give(new CloseEvent("close", { code: 1006 }));
      }
    }

    /** Gives the events of a socket as its own. */
    #follow(socket: WebSocket): void {
      this.#socket = socket;
      socket.binaryType = this.#binaryType;
      socket.onopen = () => this.#give(new Event("open"));
      socket.onmessage = ({ data, origin }) =>
        this.#give(new MessageEvent("message", { data, origin }));
      socket.onerror = (event) => {
        const { message = "", error } = event as ErrorEvent;
        this.#give(new ErrorEvent("error", { message, error }));
      };
      socket.onclose = ({ code, reason, wasClean }) =>
        this.#give(new CloseEvent("close", { code, reason, wasClean }));
    }

    #give(event: Event): void {
      this.dispatchEvent(event);
    }

    static {
      for (const type of EVENTS) {
        Object.defineProperty(this.prototype, `on${type}`, {
          get(this: GrantedWebSocket) {
            return this.#handlers[type] ?? null;
          },
          set(this: GrantedWebSocket, handler: Handler<Event>) {
            const old = this.#handlers[type];
            if (old) this.removeEventListener(type, old);
            const isHandler = typeof handler === "function";
            this.#handlers[type] = isHandler ? handler : null;
            if (isHandler) this.addEventListener(type, handler);
          },
          configurable: true,
          enumerable: true,
        });
      }
    }
  }
  Object.defineProperty(GrantedWebSocket, "name", { value: "WebSocket" });
  // The handlers are defined above, by their names.
  return GrantedWebSocket as unknown as typeof WebSocket;
}
