import { messageOf } from "../errors.ts";

/** Taken before user code could declare variables of these names. */
const { DOMException, ErrorEvent, Event, EventTarget, MessageEvent, TextDecoder, URL } = globalThis;

/** The time before a stream that has ended is asked for again, in milliseconds, if it names none. */
const RETRY_MS = 5_000;
/** The longest line, and the longest message, in characters. */
const MAX_LENGTH = 16 * 2 ** 20;

type Handler<E extends Event> = ((event: E) => unknown) | null;

/** An `EventSource` whose requests are those of a `fetch`. */
export function grantedEventSource(
  fetch: typeof globalThis.fetch,
): typeof globalThis.EventSource {
  class GrantedEventSource extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSED = 2;
    readonly CONNECTING = 0;
    readonly OPEN = 1;
    readonly CLOSED = 2;
    readonly withCredentials: boolean;
    readonly url: string;
    onopen: Handler<Event> = null;
    onmessage: Handler<MessageEvent> = null;
    onerror: Handler<Event> = null;
    readonly #end = new AbortController();
    #state: 0 | 1 | 2 = 0;
    #retryMs = RETRY_MS;
    #lastId = "";

    constructor(url: string | URL, { withCredentials = false }: EventSourceInit = {}) {
      super();
      const address = URL.parse(String(url));
      if (!address) throw new DOMException(`Cannot open "${url}": it is no address`, "SyntaxError");
      this.url = address.href;
      this.withCredentials = withCredentials;
      void this.#run();
    }

    get readyState(): number {
      return this.#state;
    }

    close(): void {
      this.#state = 2;
      this.#end.abort();
    }

    /** Reads the stream, again and again, until it is closed or refused. */
    async #run(): Promise<void> {
      while (this.readyState !== 2) {
        const failure = await this.#read().then(() => undefined, (error) => ({ error }));
        if (this.#end.signal.aborted) return;
        const { error } = failure ?? {};
        if (this.readyState !== 2) this.#state = 0;
        this.#give(new ErrorEvent("error", failure ? { message: messageOf(error), error } : {}));
        if (this.#end.signal.aborted) return;
        await new Promise((resolve) => setTimeout(resolve, this.#retryMs));
      }
    }

    async #read(): Promise<void> {
      const response = await fetch(this.url, {
        headers: {
          accept: "text/event-stream",
          "cache-control": "no-store",
          ...(this.#lastId !== "" && { "last-event-id": this.#lastId }),
        },
        signal: this.#end.signal,
      });
      const type = response.headers.get("content-type") ?? "";
      if (response.status !== 200 || !/^text\/event-stream(;|$)/i.test(type.trim())) {
        this.#state = 2;
        await response.body?.cancel();
        throw new TypeError(`The server does not answer with events (status ${response.status})`);
      }
      this.#state = 1;
      this.#give(new Event("open"));
      const parser = new EventParser({
        retry: (ms) => this.#retryMs = ms,
        event: (name, data, id) => {
          this.#lastId = id;
          const origin = new URL(response.url).origin;
          this.#give(new MessageEvent(name, { data, origin, lastEventId: id }));
        },
      }, this.#lastId);
      const decoder = new TextDecoder();
      for await (const chunk of response.body!) {
        parser.take(decoder.decode(chunk, { stream: true }));
        if (this.#end.signal.aborted) return;
      }
    }

    #give(event: Event): void {
      const handler =
        { open: this.onopen, message: this.onmessage, error: this.onerror }[event.type];
      // A handler that throws is reported, like any listener, and does not end the stream.
      if (handler) this.addEventListener(event.type, handler as EventListener, { once: true });
      this.dispatchEvent(event);
    }
  }
  Object.defineProperty(GrantedEventSource, "name", { value: "EventSource" });
  // It has the members of the engine's class; those for listeners have fewer types here.
  return GrantedEventSource as unknown as typeof globalThis.EventSource;
}

/** Receives what a stream of events says. */
interface EventReceiver {
  event(name: string, data: string, id: string): void;
  retry(ms: number): void;
}

/** Parses the lines of a stream of events. */
class EventParser {
  readonly #receiver: EventReceiver;
  #rest = "";
  #data: string[] = [];
  #length = 0;
  #name = "";
  #id: string;

  constructor(receiver: EventReceiver, lastId: string) {
    this.#receiver = receiver;
    this.#id = lastId;
  }

  /** Takes the next part of the stream. */
  take(text: string): void {
    // The carriage return at the end of a part may belong to a line feed that follows.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop()!;
    if (this.#rest.length > MAX_LENGTH) throw new RangeError("An event is too long");
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line === "") return this.#dispatch();
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (field === "data") {
      this.#length += value.length;
      if (this.#length > MAX_LENGTH) throw new RangeError("An event is too long");
      this.#data.push(value);
    } else if (field === "event") this.#name = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.#receiver.retry(Number(value));
  }

  #dispatch(): void {
    const [data, name] = [this.#data, this.#name];
    [this.#data, this.#length, this.#name] = [[], 0, ""];
    if (data.length > 0) this.#receiver.event(name || "message", data.join("\n"), this.#id);
  }
}
