import { KernelError, type KernelErrorCode } from "../errors.ts";

/** An error as it crosses a thread or a pipe. */
export interface WireError {
  name: string;
  message: string;
  /** Of a `KernelError`. */
  code?: KernelErrorCode | undefined;
}

interface PendingCall {
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * Calls that are answered by messages: each gets exactly one answer, or, when the channel closes
 * first, one error.
 */
export class Channel {
  readonly #post: (id: number, name: string, args: unknown) => void;
  readonly #pending = new Map<number, PendingCall>();
  #nextId = 1;
  #closed: Error | undefined;

  /** `post` sends a call to the other side. */
  constructor(post: (id: number, name: string, args: unknown) => void) {
    this.#post = post;
  }

  /** Calls the other side and resolves with what it returns. */
  call(name: string, args: unknown): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#closed);
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject });
    this.#post(id, name, args);
    return promise;
  }

  /** Settles a call with its value; false when nobody waits for it. */
  return(id: number, value: unknown): boolean {
    return this.#settle(id, (call) => call.resolve(value));
  }

  /** Settles a call with its error; false when nobody waits for it. */
  throw(id: number, { name, message, code = "kernel_error" }: WireError): boolean {
    const text = name === "Error" || name === "KernelError" ? message : `${name}: ${message}`;
    return this.#settle(id, (call) => call.reject(new KernelError(code, text)));
  }

  /** Rejects every pending call, and every later one, with `reason`. */
  close(reason: Error): void {
    if (this.#closed) return;
    this.#closed = reason;
    for (const call of this.#pending.values()) call.reject(reason);
    this.#pending.clear();
  }

  #settle(id: number, settle: (call: PendingCall) => void): boolean {
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    if (call) settle(call);
    return call !== undefined;
  }
}
