import type { ServerContext } from "@modelcontextprotocol/server";
import { plainText } from "../results/plain_text.ts";

/** The least time between two messages of one call, in milliseconds. */
const INTERVAL_MS = 250;
/** The most characters of one message; of more, the end is shown. */
const MAX_CHARACTERS = 2_000;

/** Tells a client what a run prints while its call waits, if the client asked for progress. */
export class Progress implements Disposable {
  readonly #request: ServerContext["mcpReq"];
  readonly #token: string | number | undefined;
  #text = "";
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ mcpReq }: ServerContext) {
    this.#request = mcpReq;
    this.#token = mcpReq._meta?.progressToken;
  }

  /** Takes in what a run has printed. */
  add(text: string): void {
    if (this.#token === undefined) return;
    // Twice as much as is shown: control characters may go.
    this.#text = (this.#text + text).slice(-2 * MAX_CHARACTERS);
    this.#timer ??= setTimeout(() => this.#tell(), INTERVAL_MS);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    this.#timer = undefined;
    const message = plainText(this.#text).slice(-MAX_CHARACTERS);
    this.#text = "";
    this.#request.notify({
      method: "notifications/progress",
      params: { progressToken: this.#token!, progress: ++this.#count, message },
    }).catch(() => {}); // The client has left.
  }
}
