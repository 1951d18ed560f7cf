import type { CallMethod, CallReplies } from "../calls/methods.ts";
import type { ExecuteReply, ExecuteRequest } from "../cell.ts";
import type { HostEvent } from "../host.ts";
import type { KernelIdentity, LocalOptions } from "../start_options.ts";
import type { StreamName } from "../streams.ts";
import type { WireError } from "./channel.ts";

/**
 * The conversation between a host and its kernel, over a worker's port or a process's pipes. Either side
 * may call the other, and every `call` gets exactly one `return` or `throw`. Bytes are never inside of a
 * message, but beside it: see {@linkcode Envelope}.
 */
export const PROTOCOL_VERSION = 2;

/** A message, and the bytes that belong to it: of a file, of a comm, of a package. */
export interface Envelope<M> {
  message: M;
  buffers: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * Sends a message to the other side; resolves when there is room for the next one. With `transfer` the
 * buffers are the receiver's afterwards.
 */
export type Send<M> = (
  message: M,
  buffers?: readonly Uint8Array[],
  transfer?: boolean,
) => Promise<void> | void;

/** A call, to either side. */
export interface CallMessage {
  type: "call";
  /** Unique among the calls of its side. */
  id: number;
  name: string;
  args: unknown;
}

/** The name of a kernel's call for the addresses of a granted host, whose name is the argument. */
export const LOOK_UP = "lookUp";

/** The name of a kernel's call for the authorities that the host trusts. */
export const AUTHORITIES = "authorities";

/** The error of a call. */
export interface ThrowMessage {
  type: "throw";
  id: number;
  error: WireError;
}

/** A message from the host. `S` is the transport's own message that starts the kernel. */
export type HostMessage<S = never> =
  | S
  | CallMessage
  | { type: "return"; id: number; value: unknown }
  | ThrowMessage
  /** Ends a kernel that rests; one that computes learns it from its interrupts. */
  | { type: "end" };

/** The part of a start message that every transport has. */
export interface StartMessage {
  type: "start";
  version: typeof PROTOCOL_VERSION;
  options: LocalOptions;
  identity: KernelIdentity;
  /** The host answers calls for packages. */
  packages: boolean;
}

/** A message from the kernel. */
export type KernelMessage =
  | { type: "ready"; version: typeof PROTOCOL_VERSION; memoryBytes: number }
  /** An event: the first buffer is its JSON in UTF-8, the others are the bytes that belong to it. */
  | { type: "event" }
  /** Output of a kernel that has no ring for it: the buffer is its text in UTF-8. */
  | { type: "stream"; name: StreamName; executionId?: string | undefined }
  /** Output from here on belongs to that execution; null: to the one that was begun last. */
  | { type: "own"; executionId: string | null }
  | { type: "return"; id: number; value: unknown; memoryBytes: number }
  | ThrowMessage
  /** Asks the host for a package: the arguments are a `PackageRequest`. Two names ask for other things. */
  | CallMessage
  | { type: "exited"; reason: string };

/** The calls of a host that steer a kernel; its other calls are those of `CallArguments`. */
export interface ControlCalls {
  execute: ExecuteRequest;
  configure: KernelIdentity;
  interrupt: {
    executionId: string;
    /** The number of the interrupt in the memory that a worker shares with its host. */
    number?: number;
  };
  ping: { timeoutMs: number };
}

/**
 * Turns what a kernel sends into types; a strict one throws at everything that is not in the protocol. `E` is
 * the form that events get.
 */
export interface MessageParsers<E = HostEvent> {
  message(value: unknown): KernelMessage;
  /** Returns the event that the buffers of a message are. */
  event(buffers: readonly Uint8Array<ArrayBuffer>[]): E;
  executeReply(value: unknown): ExecuteReply;
  callReply<M extends CallMethod>(method: M, value: unknown): CallReplies[M];
}
