import type { EventStore, JSONRPCMessage } from "@modelcontextprotocol/server";

/** An event that was sent on a stream. */
interface SentEvent {
  id: string;
  stream: string;
  message: JSONRPCMessage;
  size: number;
}

/** The most events that are kept of one connection. */
const MAX_EVENTS = 2_000;

/** Keeps the newest events of one connection, for a client that was cut off and comes back. */
export class ReplayEvents implements EventStore {
  readonly #events: SentEvent[] = [];
  readonly #maxSize: () => number;
  #size = 0;
  #next = 1;

  /** `maxSize` is the most JSON that is kept, in characters; the oldest events go first. */
  constructor(maxSize: () => number) {
    this.#maxSize = maxSize;
  }

  storeEvent(stream: string, message: JSONRPCMessage): Promise<string> {
    const id = `${stream}/${this.#next++}`;
    const { length: size } = JSON.stringify(message);
    this.#events.push({ id, stream, message, size });
    this.#size += size;
    const maxSize = this.#maxSize();
    while (this.#events.length > MAX_EVENTS || this.#size > maxSize && this.#events.length > 1) {
      this.#size -= this.#events.shift()!.size;
    }
    return Promise.resolve(id);
  }

  getStreamIdForEventId(id: string): Promise<string | undefined> {
    return Promise.resolve(this.#events.find((it) => it.id === id)?.stream);
  }

  async replayEventsAfter(
    lastId: string,
    { send }: { send: (id: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const place = this.#events.findIndex(({ id }) => id === lastId);
    if (place < 0) throw new Error("The event is not kept any more");
    const { stream } = this.#events[place]!;
    for (const event of this.#events.slice(place + 1)) {
      // An event without a message only told the client an id to come back with.
      if (event.stream === stream && "jsonrpc" in event.message) {
        await send(event.id, event.message);
      }
    }
    return stream;
  }
}
