import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { connect, type ConnectionOptions, type PeerCertificate, type TLSSocket } from "node:tls";
import { parseAddress } from "./addresses.ts";
import { ByteQueue, type ByteStream, Notice, type Readiness } from "./byte_stream.ts";

/** The most bytes that have come and were not read, and that were written and not sent. */
const MAX_BUFFERED = 512 * 1024;

/** Options for {@linkcode openTls}. */
export interface TlsOptions {
  /** The name of the server, for it to choose a certificate by; or its address. */
  serverName?: string;
  /** The certificate must be one that the authorities have signed. */
  verifies: boolean;
  /** The certificate must be that of `serverName`. */
  checksName: boolean;
  /** The trusted authorities, in PEM. @default those of the engine */
  authorities?: string[];
  /** The certificate of this side and its key, in PEM. */
  certificate?: string;
  key?: string;
  password?: string;
  /** The protocols to offer, by preference. */
  protocols?: string[];
  minVersion?: "TLSv1.2" | "TLSv1.3";
  maxVersion?: "TLSv1.2" | "TLSv1.3";
}

/** An encrypted connection, and the outcome of its handshake. */
export interface TlsSession {
  stream: ByteStream;
  /** For example `TLSv1.3`. */
  version: string | null;
  cipher: string;
  /** The protocol that the server has chosen of those offered. */
  protocol: string | null;
  /** The server's certificate. */
  certificate: PeerCertificate;
}

/**
 * Makes the handshake of a client on a connection, whose bytes are encrypted from then on. It takes the
 * engine's own TLS: the interpreter has none.
 */
export async function openTls(
  inner: ByteStream,
  options: TlsOptions,
  signal: AbortSignal,
): Promise<TlsSession> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const tls = connect(connectionOptions(new Carrier(inner), options));
  const stream = new TlsStream(tls, inner);
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  tls.once("secureConnect", resolve);
  tls.once("error", reject);
  tls.once("close", () => reject(new Error("The server has ended the connection")));
  try {
    await promise;
    if (options.verifies && !tls.authorized) throw distrust(tls);
  } catch (error) {
    tls.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
  return {
    stream,
    version: tls.getProtocol(),
    cipher: tls.getCipher().standardName,
    protocol: tls.alpnProtocol || null,
    certificate: tls.getPeerCertificate(true),
  };
}

function connectionOptions(socket: Duplex, options: TlsOptions): ConnectionOptions {
  const { serverName, checksName, authorities } = options;
  const { certificate, key, password, protocols, minVersion, maxVersion } = options;
  return {
    socket,
    // An untrusted server is refused above, where its certificate can still be read.
    rejectUnauthorized: false,
    // Servers are told names only.
    ...(serverName !== undefined &&
      (parseAddress(serverName) ? { host: serverName } : { servername: serverName })),
    ...(!checksName && { checkServerIdentity: () => undefined }),
    ...(authorities && { ca: authorities }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
    ...(password !== undefined && { passphrase: password }),
    ...(protocols && { ALPNProtocols: protocols }),
    ...(minVersion && { minVersion }),
    ...(maxVersion && { maxVersion }),
  };
}

/** A certificate that is not to be trusted, with the engine's code for the reason. */
class CertificateError extends Error {
  override name = "CertificateError";
  readonly code: string;

  constructor(code: string) {
    super(`The certificate of the server is not to be trusted: ${code}`);
    this.code = code;
  }
}

/** Returns the error for a server that cannot prove who it is. */
function distrust(tls: TLSSocket): CertificateError {
  // The types say that it is an error; it is a code.
  const code = String(tls.authorizationError);
  const { valid_from, valid_to, subject, issuer } = tls.getPeerCertificate();
  // The engine has one code for all certificates that do not come from an authority that it trusts.
  if (code !== "UNABLE_TO_VERIFY_LEAF_SIGNATURE") return new CertificateError(code);
  if (Date.parse(valid_to) < Date.now()) return new CertificateError("CERT_HAS_EXPIRED");
  if (Date.parse(valid_from) > Date.now()) return new CertificateError("CERT_NOT_YET_VALID");
  const isOwn = JSON.stringify(subject) === JSON.stringify(issuer);
  return new CertificateError(isOwn ? "DEPTH_ZERO_SELF_SIGNED_CERT" : code);
}

/** The function {@linkcode openTls}, for modules that load it only when there is a network. */
export type OpenTls = typeof openTls;

/** The encrypted bytes of a connection, in the form that the engine's TLS takes. */
class Carrier extends Duplex {
  readonly #inner: ByteStream;
  #reading = false;

  constructor(inner: ByteStream) {
    super();
    this.#inner = inner;
  }

  override _read(): void {
    if (!this.#reading) void this.#pump();
  }

  override _write(
    chunk: Uint8Array,
    _encoding: string,
    done: (error?: Error | null) => void,
  ): void {
    this.#send(plain(chunk)).then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#inner.close();
    done(error);
  }

  async #pump(): Promise<void> {
    this.#reading = true;
    try {
      for (let wanted = true; wanted && !this.destroyed;) {
        const bytes = this.#inner.read(MAX_BUFFERED);
        if (bytes === undefined) await this.#inner.changed();
        else wanted = this.push(bytes && Buffer.from(bytes)) && bytes !== null;
      }
    } catch (error) {
      this.destroy(error as Error);
    } finally {
      this.#reading = false;
    }
  }

  async #send(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length && !this.destroyed;) {
      const taken = this.#inner.write(chunk.subarray(at));
      at += taken;
      if (taken === 0) await this.#inner.changed();
    }
  }
}

/** Returns the same bytes as an ordinary array: of Node's own kind, a slice would be no copy. */
function plain({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The decrypted bytes. */
class TlsStream implements ByteStream {
  readonly #tls: TLSSocket;
  readonly #inner: ByteStream;
  readonly #received = new ByteQueue();
  readonly #changed = new Notice();
  #failure: unknown;
  #ended = false;
  #writingEnded = false;
  #closed = false;

  constructor(tls: TLSSocket, inner: ByteStream) {
    this.#tls = tls;
    this.#inner = inner;
    tls.on("data", (bytes: Uint8Array) => {
      this.#received.push(plain(bytes));
      if (this.#received.bytes >= MAX_BUFFERED) tls.pause();
      this.#changed.give();
    });
    tls.on("end", () => this.#end());
    tls.on("close", () => this.#end());
    tls.on("drain", () => this.#changed.give());
    tls.on("error", (error) => {
      this.#failure ??= error;
      this.#changed.give();
    });
  }

  get readiness(): Readiness {
    const over = this.#closed || this.#failure !== undefined;
    return {
      readable: over || this.#ended || this.#received.bytes > 0,
      available: this.#received.bytes,
      writable: over || this.#writingEnded || this.#tls.writableLength < MAX_BUFFERED,
      hungUp: over || this.#ended && this.#writingEnded,
    };
  }

  read(max: number, peeking = false): Uint8Array | null | undefined {
    if (this.#received.bytes > 0) {
      const taken = this.#received.take(max, peeking);
      if (this.#received.bytes < MAX_BUFFERED && this.#tls.isPaused()) this.#tls.resume();
      return taken;
    }
    if (this.#failure !== undefined) throw this.#failure;
    return this.#ended || this.#closed ? null : undefined;
  }

  write(bytes: Uint8Array): number {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#writingEnded || this.#closed) throw new Deno.errors.BrokenPipe("Broken pipe");
    const taken = Math.min(bytes.length, Math.max(0, MAX_BUFFERED - this.#tls.writableLength));
    if (taken > 0) this.#tls.write(bytes.slice(0, taken), () => this.#changed.give());
    return taken;
  }

  endWriting(): void {
    if (this.#writingEnded) return;
    this.#writingEnded = true;
    this.#tls.end(() => this.#inner.endWriting());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#received.clear();
    // The bytes that were written before are sent first, and then the end.
    this.#tls.end(() => this.#tls.destroy());
    this.#changed.give();
  }

  changed(): Promise<void> {
    return this.#changed.wait();
  }

  #end(): void {
    this.#ended = true;
    this.#changed.give();
  }
}
