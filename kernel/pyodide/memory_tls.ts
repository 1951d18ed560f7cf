import { setImmediate } from "node:timers";
import { MemoryStream } from "../network/memory_stream.ts";
import type { OpenTls, TlsOptions, TlsSession } from "../network/tls_stream.ts";
import { toSocketError } from "./socket_errors.ts";
import { describeSession, describeTlsError } from "./tls_texts.ts";

/** The most sessions at a time: Python may forget to end them. */
const MAX_SESSIONS = 256;
/**
 * The turns of the event loop in which the engine's TLS does its work. It has no threads: bytes that it is given
 * have an effect within one turn.
 */
const TURNS = 4;

/** A session whose encrypted bytes Python carries: an `ssl.SSLObject`. */
interface MemorySession {
  carrier: MemoryStream;
  attempt: AbortController;
  session: TlsSession | undefined;
  /** The outcome of the handshake as JSON; empty until there is one. */
  outcome: string;
}

/** The sessions of TLS that are on no socket, by id. Python's side calls the functions. */
export class MemoryTls {
  readonly #openTls: OpenTls | undefined;
  readonly #optionsOf: (text: string) => Promise<TlsOptions>;
  readonly #sessions = new Map<number, MemorySession>();
  #last = 0;

  constructor(
    openTls: OpenTls | undefined,
    optionsOf: (text: string) => Promise<TlsOptions>,
  ) {
    this.#openTls = openTls;
    this.#optionsOf = optionsOf;
  }

  /** Begins a handshake, by JSON of its options; returns the id of the session, or 0 when there is no room. */
  readonly open = (options: string): number => {
    if (!this.#openTls || this.#sessions.size >= MAX_SESSIONS) return 0;
    const id = ++this.#last;
    const it: MemorySession = {
      carrier: new MemoryStream(),
      attempt: new AbortController(),
      session: undefined,
      outcome: "",
    };
    this.#sessions.set(id, it);
    void this.#shake(it, this.#openTls, options);
    return id;
  };

  /** Takes encrypted bytes from the other side, or its end. */
  readonly feed = (id: number, bytes: Uint8Array | null): void => {
    const carrier = this.#sessions.get(id)?.carrier;
    if (bytes) carrier?.feed(new Uint8Array(bytes));
    else carrier?.feedEnd();
  };

  /** Resolves with the encrypted bytes for the other side, when all that was fed has had its effect. */
  readonly settle = async (id: number): Promise<Uint8Array> => {
    for (let turn = 0; turn < TURNS; turn++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return this.#sessions.get(id)?.carrier.takeOutgoing() ?? new Uint8Array();
  };

  /** Returns JSON of the outcome of the handshake; empty until there is one. */
  readonly outcome = (id: number): string => this.#sessions.get(id)?.outcome ?? "";

  /** Returns at most `max` decrypted bytes, none at the end; a number for an error, undefined when none have come. */
  readonly read = (id: number, max: number): Uint8Array | number | undefined => {
    try {
      const bytes = this.#sessions.get(id)?.session?.stream.read(max);
      return bytes === null ? new Uint8Array() : bytes;
    } catch (error) {
      return toSocketError(error).errno;
    }
  };

  /** Returns the number of bytes that are encrypted and sent; -1 when the session has ended. */
  readonly write = (id: number, bytes: Uint8Array): number => {
    try {
      return this.#sessions.get(id)?.session?.stream.write(new Uint8Array(bytes)) ?? -1;
    } catch {
      return -1;
    }
  };

  /** Returns the number of decrypted bytes that have come. */
  readonly pending = (id: number): number =>
    this.#sessions.get(id)?.session?.stream.readiness.available ?? 0;

  /** Tells the other side that nothing more is sent. */
  readonly end = (id: number): void => this.#sessions.get(id)?.session?.stream.endWriting();

  /** Forgets a session. */
  readonly close = (id: number): void => {
    const it = this.#sessions.get(id);
    this.#sessions.delete(id);
    it?.attempt.abort();
    it?.session?.stream.close();
    it?.carrier.close();
  };

  async #shake(it: MemorySession, openTls: OpenTls, options: string): Promise<void> {
    try {
      it.session = await openTls(it.carrier, await this.#optionsOf(options), it.attempt.signal);
      it.outcome = describeSession(it.session);
    } catch (error) {
      it.outcome = describeTlsError(error);
    }
  }
}
