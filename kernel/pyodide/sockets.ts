import {
  EAFNOSUPPORT,
  EAGAIN,
  EALREADY,
  EBADF,
  ECONNABORTED,
  EINVAL,
  EISCONN,
  ENETUNREACH,
  ENOTCONN,
  ENOTSUP,
  EPIPE,
} from "../files/errnos.ts";
import { O_RDWR } from "../files/open_flags.ts";
import { type ByteStream, Notice } from "../network/byte_stream.ts";
import type { Network, OpenConnection } from "../network/network.ts";
import type { OpenTls, TlsOptions } from "../network/tls_stream.ts";
import type { EmscriptenModule, SocketNode, SocketStream } from "./emscripten.ts";
import { MemoryTls } from "./memory_tls.ts";
import { NoNetworkError, toSocketError } from "./socket_errors.ts";
import { describeSession, describeTlsError } from "./tls_texts.ts";

/** Taken before user code could replace them. */
const { parse, stringify } = JSON;

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_STREAM = 1;
/** The flags that a type of sockets may have: close-on-exec, and non-blocking. */
const TYPE_FLAGS = 0o2004000;
const NON_BLOCKING = 0o4000;
const MODE_SOCKET = 0o140000;

const POLLIN = 1;
const POLLOUT = 4;
const POLLERR = 8;
const POLLHUP = 16;
const POLLRDNORM = 64;

/** Requests of `ioctl`: the number of bytes that can be read, and non-blocking reads and writes. */
const FIONREAD = 21531;
const FIONBIO = 21537;

/** A socket of Python's. */
interface Socket {
  family: number;
  type: number;
  /** The one of its descriptors by which Emscripten writes. */
  stream: SocketStream | undefined;
  sock_ops: unknown;
  /** The end of the connection on this machine, as Emscripten reads it. */
  saddr?: string;
  sport?: number;
  /** The other end. */
  daddr?: string;
  dport?: number;
  /** The number of the error that a connection in the background has failed with, until Python asks for it. */
  error: number | null;
  readonly streams: Set<SocketStream>;
  /** The next read leaves in place what it returns. */
  peeking: boolean;
  connecting: AbortController | undefined;
  connection: OpenConnection | undefined;
  /** The bytes that Python reads and writes: those of the connection. */
  bytes: ByteStream | undefined;
  readonly changed: Notice;
}

/** A descriptor and the events that somebody waits for, or that have come. */
type PolledFile = [descriptor: number, events: number];

/** The sockets of one interpreter. Its functions are called by Python's side, which waits for their promises. */
export class PythonSockets {
  readonly #network: Network | undefined;
  readonly #openTls: OpenTls | undefined;
  #module: EmscriptenModule | undefined;
  readonly #waits = new Map<number, () => void>();
  /** The sessions of TLS that are on no socket. */
  readonly memoryTls: MemoryTls;

  /** Without a network no socket can connect. It must be connected with a module before anybody uses it. */
  constructor(network?: Network, openTls?: OpenTls) {
    this.#network = network;
    this.#openTls = openTls;
    this.memoryTls = new MemoryTls(openTls, (text) => this.#tlsOptions(text));
  }

  /** Makes the interpreter's sockets these ones; the stock ones reach for WebSockets. */
  attach(module: EmscriptenModule): void {
    this.#module = module;
    const { FS, SOCKFS } = module;
    const refuse = (errno: number) => () => {
      throw new FS.ErrnoError(errno);
    };
    const operations = {
      bind: refuse(ENOTSUP),
      listen: refuse(ENOTSUP),
      accept: refuse(EINVAL),
      // Python's side connects by the function below: this one is called by code that goes past it.
      connect: refuse(ENETUNREACH),
      sendmsg: (socket: Socket, buffer: Uint8Array | Int8Array, offset: number, length: number) =>
        this.#write(socket, bytesOf(buffer, offset, length)),
      recvmsg: (socket: Socket, length: number) => {
        const bytes = this.#read(socket, length);
        return bytes && { buffer: bytes, addr: socket.daddr, port: socket.dport };
      },
      // Emscripten's own code calls this one to shut down.
      shutdown: (socket: Socket, how: number) => {
        if (!socket.bytes) return -ENOTCONN;
        // The system drops what still comes after the reading end was shut.
        if (how > 0) socket.bytes.endWriting();
        return 0;
      },
    };
    const streamOperations = {
      poll: ({ node }: SocketStream) => eventsOf(node.sock as Socket),
      ioctl: ({ node }: SocketStream, request: number, address: number) =>
        this.#control(node.sock as Socket, request, address),
      read: (stream: SocketStream, into: Int8Array, offset: number, length: number) => {
        const bytes = this.#read(stream.node.sock as Socket, length);
        if (bytes) into.set(bytes, offset);
        return bytes?.length ?? 0;
      },
      write: ({ node }: SocketStream, from: Int8Array, offset: number, length: number) =>
        this.#write(node.sock as Socket, bytesOf(from, offset, length)),
      getattr: ({ node }: SocketStream) => {
        const time = new Date(0);
        const { mode } = node;
        return {
          ...{ dev: 0, ino: 0, mode, nlink: 1, uid: 0, gid: 0, rdev: 0, size: 0, blocks: 0 },
          ...{ atime: time, mtime: time, ctime: time },
        };
      },
      dup: (stream: SocketStream) => void (stream.node.sock as Socket).streams.add(stream),
      close: (stream: SocketStream) => close(stream.node.sock as Socket, stream),
    };
    SOCKFS.createSocket = (family, type, _protocol) => {
      if (family !== AF_INET && family !== AF_INET6) throw new FS.ErrnoError(EAFNOSUPPORT);
      if ((type & ~TYPE_FLAGS) !== SOCK_STREAM) throw new FS.ErrnoError(ENOTSUP);
      const socket: Socket = {
        ...{ family, type: SOCK_STREAM, stream: undefined, sock_ops: operations },
        ...{ error: null, streams: new Set(), peeking: false },
        ...{ connecting: undefined, connection: undefined, bytes: undefined },
        ...(family === AF_INET6 && { saddr: "::" }),
        changed: new Notice(),
      };
      const path = SOCKFS.nextname();
      const node = FS.createNode(SOCKFS.root, path, MODE_SOCKET, 0) as SocketNode;
      node.sock = socket;
      socket.stream = FS.createStream<SocketStream>({
        ...{ path, node, seekable: false, stream_ops: streamOperations },
        flags: O_RDWR | (type & NON_BLOCKING),
      });
      socket.streams.add(socket.stream);
      return socket;
    };
  }

  /** Returns JSON: why a socket may not connect to a host (`errno`, `message`), or null. */
  readonly refusal = (host: string, port: number): string => {
    try {
      this.#open().assertGranted(host, port);
      return "null";
    } catch (error) {
      return stringify(toSocketError(error));
    }
  };

  /** Connects a socket, by its descriptor; resolves with JSON: the error, or null. */
  readonly connect = async (descriptor: number, host: string, port: number): Promise<string> => {
    const socket = this.#find(descriptor);
    if (!socket) return stringify({ errno: EBADF });
    if (socket.connecting) return stringify({ errno: EALREADY });
    if (socket.bytes) return stringify({ errno: EISCONN });
    const attempt = socket.connecting = new AbortController();
    try {
      const connection = await this.#open().connect(host, port, attempt.signal);
      if (socket.streams.size === 0) {
        connection.stream.abort();
        return stringify({ errno: ECONNABORTED });
      }
      establish(socket, connection);
      return "null";
    } catch (error) {
      const failure = attempt.signal.aborted ? { errno: ECONNABORTED } : toSocketError(error);
      socket.error = failure.errno;
      return stringify(failure);
    } finally {
      socket.connecting = undefined;
      socket.changed.give();
    }
  };

  /** Gives up connecting a socket, or the handshake on it. */
  readonly abandon = (descriptor: number): void => {
    this.#find(descriptor)?.connecting?.abort();
  };

  /**
   * Makes a handshake on a connected socket, by JSON of `TlsOptions`, whose `moreAuthorities` are trusted besides
   * the host's; resolves with JSON of its outcome.
   */
  readonly startTls = async (descriptor: number, options: string): Promise<string> => {
    const socket = this.#find(descriptor);
    const inner = socket?.bytes;
    if (!inner || !this.#openTls) return describeTlsError(new Error("The socket is not connected"));
    const attempt = socket.connecting = new AbortController();
    try {
      const session = await this.#openTls(inner, await this.#tlsOptions(options), attempt.signal);
      if (socket.streams.size === 0) session.stream.close();
      socket.bytes = session.stream;
      return describeSession(session);
    } catch (error) {
      return describeTlsError(error);
    } finally {
      socket.connecting = undefined;
      socket.changed.give();
    }
  };

  /** Lets the next read of a socket leave in place what it returns. */
  readonly peek = (descriptor: number): void => {
    const socket = this.#find(descriptor);
    if (socket) socket.peeking = true;
  };

  /** Sets an option of a connection; one that is not connected has none yet. */
  readonly setOption = (descriptor: number, name: string, on: boolean): void => {
    const connection = this.#find(descriptor)?.connection;
    if (name === "no delay") connection?.setNoDelay(on);
    else if (name === "keep alive") connection?.setKeepAlive(on);
  };

  /**
   * Resolves when one of the sockets of `files`, JSON of descriptors with the events to wait for, has one of
   * these events, or when `forget` is called with the id.
   */
  readonly ready = async (files: string, id: number): Promise<void> => {
    const wanted: PolledFile[] = parse(files);
    const forgotten = Promise.withResolvers<void>();
    let waits = true;
    this.#waits.set(id, () => {
      waits = false;
      forgotten.resolve();
    });
    while (waits) {
      const sockets = wanted.map(([descriptor, events]) => ({
        socket: this.#find(descriptor),
        events: events | POLLERR | POLLHUP,
      }));
      if (sockets.some(({ socket, events }) => !socket || eventsOf(socket) & events)) break;
      const changes = sockets.map(({ socket }) => changeOf(socket!));
      await Promise.race([...changes, forgotten.promise]);
    }
    this.#waits.delete(id);
  };

  /** Ends a wait of `ready`. */
  readonly forget = (id: number): void => this.#waits.get(id)?.();

  /** Looks up a granted name; resolves with JSON: its addresses, or the error. */
  readonly lookUp = async (name: string): Promise<string> => {
    try {
      return stringify(await this.#open().lookUp(name));
    } catch (error) {
      return stringify(toSocketError(error));
    }
  };

  #open(): Network {
    if (!this.#network) throw new NoNetworkError();
    return this.#network;
  }

  async #tlsOptions(text: string): Promise<TlsOptions> {
    const { moreAuthorities, ...options } = parse(text);
    if (!moreAuthorities) return options;
    return { ...options, authorities: [...await this.#open().authorities(), ...moreAuthorities] };
  }

  #find(descriptor: number): Socket | undefined {
    const node = this.#module!.FS.streams[descriptor]?.node as Partial<SocketNode> | undefined;
    return node?.sock as Socket | undefined;
  }

  #read(socket: Socket, length: number): Uint8Array | null {
    const { FS } = this.#module!;
    if (!socket.bytes) throw new FS.ErrnoError(socket.connecting ? EAGAIN : ENOTCONN);
    const { peeking } = socket;
    socket.peeking = false;
    const bytes = this.#try(() => socket.bytes!.read(length, peeking));
    if (bytes === undefined) throw new FS.ErrnoError(EAGAIN);
    return bytes;
  }

  #write(socket: Socket, bytes: Uint8Array): number {
    const { FS } = this.#module!;
    if (!socket.bytes) throw new FS.ErrnoError(socket.connecting ? EAGAIN : EPIPE);
    const taken = this.#try(() => socket.bytes!.write(bytes));
    if (taken === 0 && bytes.length > 0) throw new FS.ErrnoError(EAGAIN);
    return taken;
  }

  #try<T>(operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      throw new (this.#module!.FS.ErrnoError)(toSocketError(error).errno);
    }
  }

  #control(socket: Socket, request: number, address: number): number {
    const word = new DataView(this.#module!.HEAPU8.buffer);
    switch (request) {
      case FIONREAD:
        word.setInt32(address, socket.bytes?.readiness.available ?? 0, true);
        return 0;
      case FIONBIO: {
        const { stream } = socket;
        if (word.getInt32(address, true)) stream!.flags |= NON_BLOCKING;
        else stream!.flags &= ~NON_BLOCKING;
        return 0;
      }
      default:
        return -EINVAL;
    }
  }
}

/** Records that a socket is connected. */
function establish(socket: Socket, connection: OpenConnection): void {
  const { local, remote, stream } = connection;
  Object.assign(socket, {
    ...{ saddr: local.hostname, sport: local.port },
    ...{ daddr: remote.hostname, dport: remote.port },
    // A name may lead to an address of the other family.
    family: remote.hostname.includes(":") ? AF_INET6 : AF_INET,
    ...{ connection, bytes: stream, error: null },
  });
}

function close(socket: Socket, stream: SocketStream): void {
  socket.streams.delete(stream);
  const [other] = socket.streams;
  socket.stream = other ?? stream;
  if (other) return;
  socket.connecting?.abort();
  socket.bytes?.close();
  socket.changed.give();
}

function changeOf({ bytes, changed }: Socket): Promise<void> {
  return bytes ? Promise.race([bytes.changed(), changed.wait()]) : changed.wait();
}

/** Returns the events that a socket has, as the bits of `poll`. */
function eventsOf({ bytes, error, connecting, streams }: Socket): number {
  if (streams.size === 0) return POLLHUP;
  if (connecting) return 0;
  if (!bytes) return POLLOUT | POLLHUP | (error === null ? 0 : POLLERR | POLLIN);
  const { readable, writable, hungUp } = bytes.readiness;
  return (readable ? POLLIN | POLLRDNORM : 0) | (writable ? POLLOUT : 0) | (hungUp ? POLLHUP : 0);
}

function bytesOf({ buffer, byteOffset }: ArrayBufferView, offset: number, length: number) {
  return new Uint8Array(buffer, byteOffset + offset, length);
}
