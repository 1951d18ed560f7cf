import { messageOf } from "../errors.ts";
import {
  EACCES,
  EADDRNOTAVAIL,
  ECONNABORTED,
  ECONNREFUSED,
  ECONNRESET,
  EHOSTUNREACH,
  EIO,
  EMFILE,
  ENETUNREACH,
  ENOTCONN,
  EPIPE,
  ETIMEDOUT,
} from "../files/errnos.ts";
import { TooManyConnectionsError } from "../network/network.ts";
import { HostRefusedError } from "../network/refusals.ts";

/** An error of a socket, as Python raises it. */
export interface SocketError {
  /** The number of an `OSError`, or of a `gaierror` when a name could not be looked up. */
  errno: number;
  /** The message, where there is more to say than the number does. */
  message?: string;
  /** True for a `gaierror`. */
  lookup?: true;
}

/** The kernel was granted no hosts. */
export class NoNetworkError extends Error {
  override name = "NoNetworkError";

  constructor() {
    super("Network unreachable: the kernel was granted no hosts");
  }
}

/** "Name does not resolve", the number that Python's `socket.EAI_NONAME` has. */
const EAI_NONAME = -2;

const BY_NAME: Readonly<Record<string, number>> = {
  ConnectionRefused: ECONNREFUSED,
  ConnectionReset: ECONNRESET,
  ConnectionAborted: ECONNABORTED,
  NotConnected: ENOTCONN,
  AddrNotAvailable: EADDRNOTAVAIL,
  BrokenPipe: EPIPE,
  TimedOut: ETIMEDOUT,
  NetworkUnreachable: ENETUNREACH,
  HostUnreachable: EHOSTUNREACH,
};

/** Linux's numbers, which the engine's messages have, with Python's. */
const BY_NUMBER: Readonly<Record<string, number>> = {
  32: EPIPE,
  99: EADDRNOTAVAIL,
  101: ENETUNREACH,
  103: ECONNABORTED,
  104: ECONNRESET,
  110: ETIMEDOUT,
  111: ECONNREFUSED,
  113: EHOSTUNREACH,
};

/** Returns the error that Python raises for one of the network. */
export function toSocketError(error: unknown): SocketError {
  const message = messageOf(error);
  if (error instanceof HostRefusedError) return { errno: EACCES, message };
  if (error instanceof NoNetworkError) return { errno: ENETUNREACH, message };
  if (error instanceof TooManyConnectionsError) return { errno: EMFILE, message };
  if (/lookup|getaddrinfo|No address associated|not known/i.test(message)) {
    return { errno: EAI_NONAME, message: "Name or service not known", lookup: true };
  }
  const known = BY_NUMBER[/os error (\d+)/.exec(message)?.[1] ?? ""] ??
    (error instanceof Error ? BY_NAME[error.name] : undefined);
  return known === undefined ? { errno: EIO, message } : { errno: known };
}
