import type { JupyterHeader } from "./message.ts";
import { PROTOCOL_VERSION } from "./message.ts";

/** The number of requests that are remembered: a background task may print long after its cell. */
const KEPT = 1_000;

/** The headers of the requests that a kernel's events are about. */
export class Parents {
  readonly #headers = new Map<string, JupyterHeader>();

  /** Remembers a request's header under the id that the kernel knows the request by. */
  add(header: JupyterHeader, id = header.msg_id): void {
    this.#headers.delete(id);
    this.#headers.set(id, header);
    if (this.#headers.size > KEPT) {
      const [oldest] = this.#headers.keys();
      this.#headers.delete(oldest!);
    }
  }

  /** Returns the header of an event's request; a request by another API gets a header of its own. */
  of(id: string | undefined): JupyterHeader | undefined {
    if (id === undefined) return undefined;
    const known = this.#headers.get(id);
    if (known) return known;
    const header = {
      msg_id: id,
      msg_type: "execute_request",
      username: "",
      session: "",
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    };
    this.add(header);
    return header;
  }
}
