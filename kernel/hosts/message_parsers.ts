import type { CallMethod, CallReplies, ExecuteReply, HostEvent } from "../host.ts";
import type { WorkerMessage } from "./protocol.ts";

/** What a worker's messages are, once looked at; each throws what is not in the protocol. */
export interface MessageParsers {
  workerMessage(value: unknown): WorkerMessage;
  hostEvent(value: unknown): HostEvent;
  executeReply(value: unknown): ExecuteReply;
  callReply<M extends CallMethod>(method: M, value: unknown): CallReplies[M];
}
