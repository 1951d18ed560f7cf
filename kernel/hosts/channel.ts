import { KernelError, type KernelErrorCode, messageOf } from "../errors.ts";

/** An error as it crosses a thread or a pipe. */
export interface WireError {
  name: string;
  message: string;
  /** Of a `KernelError`. */
  code?: KernelErrorCode | undefined;
}

/** An error as it is sent to the other side. */
export function toWireError(error: unknown): WireError {
  const name = error instanceof Error ? error.name : "Error";
  const code = error instanceof KernelError ? { code: error.code } : {};
  return { name, message: messageOf(error), ...code };
}

/** Sends a call to the other side. */
export type PostCall = (id: number, name: string, args: unknown, buffers: Uint8Array[]) => void;

interface PendingCall {
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * Calls that are answered by messages: each gets exactly one answer, or, when the channel closes
 * first, one error.
 */
export class Channel {
  readonly #post: PostCall;
  readonly #onViolation: (reason: string) => void;
  readonly #pending = new Map<number, PendingCall>();
  #nextId = 1;
  #closed: Error | undefined;

  /** `post` sends a call to the other side; `onViolation` hears that an answer was none. */
  constructor(
    post: PostCall,
    onViolation: (reason: string) => void = () => {},
  ) {
    this.#post = post;
    this.#onViolation = onViolation;
  }

  /** Calls the other side and resolves with what `parse` makes of its answer. */
  async ask<T>(
    name: string,
    args: unknown,
    parse: (value: unknown) => T,
    buffers?: Uint8Array[],
  ): Promise<T> {
    const value = await this.call(name, args, buffers);
    try {
      return parse(value);
    } catch (cause) {
      const reason = "it sent a reply that is not in the protocol";
      this.#onViolation(reason);
      throw new KernelError("protocol_violation", reason, { cause });
    }
  }

  /** Calls the other side and resolves with what it returns, which nobody has looked at. */
  call(name: string, args: unknown, buffers: Uint8Array[] = []): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#closed);
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject });
    this.#post(id, name, args, buffers);
    return promise;
  }

  /** Settles a call with its value; throws when nobody waits for it: such an answer was forged. */
  return(id: number, value: unknown): void {
    this.#take(id).resolve(value);
  }

  /** Settles a call with its error; throws when nobody waits for it: such an answer was forged. */
  throw(id: number, { name, message, code = "kernel_error" }: WireError): void {
    const text = name === "Error" || name === "KernelError" ? message : `${name}: ${message}`;
    this.#take(id).reject(new KernelError(code, text));
  }

  /** Rejects every pending call, and every later one, with `reason`. */
  close(reason: Error): void {
    if (this.#closed) return;
    this.#closed = reason;
    for (const call of this.#pending.values()) call.reject(reason);
    this.#pending.clear();
  }

  #take(id: number): PendingCall {
    const call = this.#pending.get(id);
    if (!call) throw new Error("nobody has asked for an answer");
    this.#pending.delete(id);
    return call;
  }
}
