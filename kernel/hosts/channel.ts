import type { Answer } from "../calls/methods.ts";
import { KernelError, type KernelErrorCode, messageOf } from "../errors.ts";

/** An error as it crosses a thread or a pipe. */
export interface WireError {
  name: string;
  message: string;
  /** The code of a `KernelError`. */
  code?: KernelErrorCode | undefined;
}

/** Turns an error into the form that is sent to the other side. */
export function toWireError(error: unknown): WireError {
  const name = error instanceof Error ? error.name : "Error";
  const code = error instanceof KernelError ? { code: error.code } : {};
  return { name, message: messageOf(error), ...code };
}

/** Sends a call to the other side. */
export type PostCall = (id: number, name: string, args: unknown, buffers: Uint8Array[]) => void;

interface PendingCall {
  resolve: (answer: Answer<unknown>) => void;
  reject: (error: unknown) => void;
}

/**
 * The calls to the other side that wait for their answers. Each gets exactly one answer, or, when the
 * channel closes first, one error.
 */
export class Channel {
  readonly #post: PostCall;
  readonly #onViolation: (reason: string) => void;
  readonly #pending = new Map<number, PendingCall>();
  #nextId = 1;
  #closed: Error | undefined;

  /** `post` sends a call to the other side; `onViolation` is called when an answer is not in the protocol. */
  constructor(
    post: PostCall,
    onViolation: (reason: string) => void = () => {},
  ) {
    this.#post = post;
    this.#onViolation = onViolation;
  }

  /** Calls the other side, and resolves with its answer once `parse` has accepted the value. */
  async ask<T>(
    name: string,
    args: unknown,
    parse: (value: unknown) => T,
    buffers?: Uint8Array[],
  ): Promise<Answer<T>> {
    const { value, buffers: bytes } = await this.call(name, args, buffers);
    try {
      return { value: parse(value), buffers: bytes };
    } catch (cause) {
      const reason = "it sent a reply that is not in the protocol";
      this.#onViolation(reason);
      throw new KernelError("protocol_violation", reason, { cause });
    }
  }

  /** Calls the other side and resolves with its answer, which nobody has checked. */
  call(name: string, args: unknown, buffers: Uint8Array[] = []): Promise<Answer<unknown>> {
    if (this.#closed) return Promise.reject(this.#closed);
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Answer<unknown>>();
    this.#pending.set(id, { resolve, reject });
    this.#post(id, name, args, buffers);
    return promise;
  }

  /** Settles a call with its answer; throws when nobody waits for it: such an answer was forged. */
  return(id: number, value: unknown, buffers: readonly Uint8Array<ArrayBuffer>[] = []): void {
    this.#take(id).resolve({ value, buffers: [...buffers] });
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
