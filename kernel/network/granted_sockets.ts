import { parseAddress } from "./addresses.ts";
import type { Network } from "./network.ts";
import { type HostRefusedError, ledAway, notGranted, toRefusal } from "./refusals.ts";

/** The members of `Deno` that connect to a host. */
export type SocketFunctions = Pick<typeof Deno, "connect" | "connectTls" | "createHttpClient">;

/** Taken before user code could declare variables of these names. */
const { String, TypeError, URL } = globalThis;
const { NotCapable } = Deno.errors;

/**
 * Returns the engine's functions for sockets, changed so that a granted name leads to no private address that
 * was not granted. The name is looked up before anything is sent, and the address of the connection counts, so
 * that a changed answer of a name server leads nowhere.
 */
export function grantedSockets(network: Network, engine: SocketFunctions): SocketFunctions {
  async function guarded<
    T extends Deno.ConnectOptions | Deno.ConnectTlsOptions,
    C extends Deno.Conn,
  >(
    given: T,
    connect: (options: T) => Promise<C>,
  ): Promise<C> {
    const options = { ...given, hostname: String(given.hostname ?? "127.0.0.1") };
    const { hostname, port } = options;
    const host = hostname.replace(/^\[|\]$/g, "");
    let connection: C;
    try {
      await network.check(host, port);
      connection = await connect(options);
    } catch (error) {
      throw refused(toRefusal(error, host)) ?? error;
    }
    const { hostname: address } = connection.remoteAddr as Deno.NetAddr;
    if (network.grants.admits(address, port)) return connection;
    connection.close();
    throw refused(ledAway(host, address));
  }

  return {
    // The overloads are those of the engine; a socket in the file system has no host.
    connect:
      (async (options: Deno.ConnectOptions | Deno.UnixConnectOptions) =>
        "path" in options || "cid" in options || !("port" in options)
          ? await engine.connect(options as Deno.UnixConnectOptions)
          : await guarded(options, (it) => engine.connect(it))) as typeof Deno.connect,
    connectTls: (options) => guarded(options, (it) => engine.connectTls(it)),
    createHttpClient(options) {
      const { proxy } = options;
      if (proxy === undefined || "path" in proxy || "cid" in proxy) {
        return engine.createHttpClient(options);
      }
      // The members are read once: they could be getters, which answer as they like.
      const copy = { ...proxy } as { url?: unknown; hostname?: unknown };
      const host = proxyHost(copy);
      // A client is made without waiting, so that no name can be looked up.
      if (!parseAddress(host) && host !== "localhost") {
        throw new TypeError(`Cannot use the proxy ${host}: name it by its address`);
      }
      if (!network.grants.coversHost(host)) throw refused(notGranted(host));
      return engine.createHttpClient({ ...options, proxy: copy as Deno.Proxy });
    },
  };
}

/** Returns the host of a proxy, and makes the member that names it a text. */
function proxyHost(proxy: { url?: unknown; hostname?: unknown }): string {
  if (proxy.hostname !== undefined) return proxy.hostname = String(proxy.hostname);
  const url = proxy.url = String(proxy.url);
  return (URL.parse(url)?.hostname || url).replace(/^\[|\]$/g, "");
}

/** Makes the error that the engine has for whatever was not granted. */
function refused(refusal: HostRefusedError): Error;
function refused(refusal: HostRefusedError | undefined): Error | undefined;
function refused(refusal: HostRefusedError | undefined): Error | undefined {
  return refusal && new NotCapable(refusal.message);
}
