import { type Grant } from "../permissions.ts";
import { parseAddress } from "./addresses.ts";
import { NetworkGrants } from "./grants.ts";
import { type HostNetwork, MAX_NAME } from "./host_network.ts";
import { HostRefusedError, ledAway, notGranted, toRefusal } from "./refusals.ts";
import { type TcpConnection, TcpStream } from "./tcp_stream.ts";

/** The most connections of a kernel at a time. */
export const MAX_CONNECTIONS = 128;

/** The addresses of `localhost` on all machines. */
const LOCAL_ADDRESSES = ["127.0.0.1", "::1"];
/** The most addresses whose names are remembered; a program that looks up more begins to look up again. */
const MAX_ADDRESSES = 4_096;

/** Connects to a host by its name or address. */
export type Connect = (
  options: { hostname: string; port: number; signal: AbortSignal },
) => Promise<TcpConnection>;

/** Options for {@linkcode Network}. */
export interface NetworkOptions {
  /** The kernel's permission `net`. */
  net: Grant;
  /** The network that the kernel's host sees. */
  host: HostNetwork;
  /** @default the engine's, taken when the network is made: globals are reduced later */
  connect?: Connect;
}

/** An address of a connection's end. */
export interface SocketAddress {
  hostname: string;
  port: number;
}

/** An open connection. */
export interface OpenConnection {
  stream: TcpStream;
  local: SocketAddress;
  remote: SocketAddress;
  /** Sends each piece at once, or gathers small ones. */
  setNoDelay(on: boolean): void;
  setKeepAlive(on: boolean): void;
}

/** The kernel has as many connections as it may have. */
export class TooManyConnectionsError extends Error {
  override name = "TooManyConnectionsError";
}

/** Connections of a kernel to the hosts that it was granted. */
export class Network implements Disposable {
  readonly grants: NetworkGrants;
  readonly #host: HostNetwork;
  readonly #connect: Connect;
  readonly #streams = new Set<TcpStream>();
  readonly #connecting = new Set<AbortController>();
  /** The granted names that have led to an address, by the address. */
  readonly #namesOf = new Map<string, Set<string>>();

  constructor({ net, host, connect = Deno.connect }: NetworkOptions) {
    this.grants = new NetworkGrants(net);
    this.#host = host;
    this.#connect = connect;
  }

  /**
   * Returns the addresses of a granted name that the kernel may connect to.
   *
   * @throws {HostRefusedError} when the name is not granted, or leads to addresses that are not.
   */
  async lookUp(name: string): Promise<string[]> {
    if (name.length > MAX_NAME) throw new HostRefusedError("The name of the host is too long");
    if (!this.grants.coversHost(name)) throw notGranted(name);
    const addresses = await this.#host.lookUp(name);
    const admitted = addresses.filter((it) => this.grants.admitsHost(it));
    if (admitted.length === 0 && addresses.length > 0) throw ledAway(name, addresses[0]!);
    for (const address of admitted) this.#remember(name, address);
    return admitted;
  }

  /**
   * Connects to a host by its name or address. An address that is not granted itself counts as the granted
   * name that has led to it.
   *
   * @throws {HostRefusedError} when the host is not granted, or its name leads to an address that is not.
   * @throws {TooManyConnectionsError} when there are as many connections as there may be.
   */
  async connect(host: string, port: number, signal?: AbortSignal): Promise<OpenConnection> {
    const hostname = this.assertGranted(host, port);
    if (this.#streams.size + this.#connecting.size >= MAX_CONNECTIONS) {
      throw new TooManyConnectionsError(
        `The kernel has ${MAX_CONNECTIONS} connections, and may have no more at a time`,
      );
    }
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    signal?.addEventListener("abort", abort, { once: true });
    this.#connecting.add(attempt);
    try {
      const connection = await this.#connect({ hostname, port, signal: attempt.signal });
      return this.#open(connection, hostname, port, attempt.signal);
    } catch (error) {
      throw toRefusal(error, hostname) ?? error;
    } finally {
      this.#connecting.delete(attempt);
      signal?.removeEventListener("abort", abort);
    }
  }

  /**
   * Rejects when a granted name leads to an address that may not be used with that port.
   *
   * @throws {HostRefusedError} when it does.
   */
  async check(host: string, port: number): Promise<void> {
    if (parseAddress(host) || !this.grants.covers(host, port)) return;
    // A name that cannot be looked up leads nowhere.
    const addresses = await this.#host.lookUp(host).catch(() => []);
    const refused = addresses.find((it) => !this.grants.admits(it, port));
    if (refused !== undefined) throw ledAway(host, refused);
  }

  /** Returns the authorities that the host trusts. */
  async authorities(): Promise<readonly string[]> {
    return await this.#host.authorities();
  }

  /** Ends all connections at once. */
  [Symbol.dispose](): void {
    for (const attempt of this.#connecting) attempt.abort();
    for (const stream of this.#streams) stream.abort();
  }

  /**
   * Returns the name or address by which the engine may connect to a host.
   *
   * @throws {HostRefusedError} when the host is not granted.
   */
  assertGranted(host: string, port: number): string {
    if (this.grants.covers(host, port)) return host;
    const names = LOCAL_ADDRESSES.includes(host) ? ["localhost"] : this.#namesOf.get(host) ?? [];
    for (const name of names) {
      if (this.grants.covers(name, port)) return name;
    }
    throw notGranted(`${host}:${port}`);
  }

  #open(
    connection: TcpConnection,
    hostname: string,
    port: number,
    signal: AbortSignal,
  ): OpenConnection {
    const { hostname: address } = connection.remoteAddr;
    // Nothing was sent yet. The engine checks the address too, where it was told which ones to refuse.
    if (signal.aborted || !this.grants.admits(address, port)) {
      connection.close();
      signal.throwIfAborted();
      throw ledAway(hostname, address);
    }
    const stream = new TcpStream(connection, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    return {
      stream,
      local: connection.localAddr,
      remote: connection.remoteAddr,
      setNoDelay: (on) => connection.setNoDelay(on),
      setKeepAlive: (on) => connection.setKeepAlive(on),
    };
  }

  #remember(name: string, address: string): void {
    const names = this.#namesOf.get(address) ?? new Set();
    if (this.#namesOf.size >= MAX_ADDRESSES) this.#namesOf.clear();
    this.#namesOf.set(address, names.add(name));
  }
}
