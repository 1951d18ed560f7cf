import assert from "node:assert/strict";
import type { HostNetwork } from "../../../kernel/network/host_network.ts";
import {
  type Connect,
  MAX_CONNECTIONS,
  Network,
  TooManyConnectionsError,
} from "../../../kernel/network/network.ts";
import { HostRefusedError } from "../../../kernel/network/refusals.ts";
import type { TcpConnection } from "../../../kernel/network/tcp_stream.ts";

/** A connection to an address, on which nothing happens until it is closed. */
class SilentConnection implements TcpConnection {
  readonly #end = Promise.withResolvers<null>();
  readonly localAddr = { transport: "tcp", hostname: "192.0.2.1", port: 50_000 } as const;
  readonly remoteAddr: Deno.NetAddr;
  closed = false;
  written = 0;

  constructor(hostname: string, port: number) {
    this.remoteAddr = { transport: "tcp", hostname, port };
  }

  read = () => this.#end.promise;
  write(bytes: Uint8Array): Promise<number> {
    this.written += bytes.length;
    return Promise.resolve(bytes.length);
  }
  close(): void {
    this.closed = true;
    this.#end.resolve(null);
  }
  closeWrite = () => Promise.resolve();
  setNoDelay(): void {}
  setKeepAlive(): void {}
}

/** Makes a host that knows names, and no authorities. */
function hostOf(lookUp: (name: string) => string[]): HostNetwork {
  return {
    lookUp: (name) => Promise.resolve(lookUp(name)),
    authorities: () => Promise.resolve([]),
  };
}

/** Makes a network whose names lead to these addresses, one after the other. */
function networkOf(net: string[], addresses: Record<string, string[]>) {
  const made: SilentConnection[] = [];
  const asked: string[] = [];
  const next = (name: string) => {
    const left = addresses[name.toLowerCase()] ?? [name];
    return left.length > 1 ? left.shift()! : left[0]!;
  };
  const connect: Connect = ({ hostname, port }) => {
    asked.push(`${hostname}:${port}`);
    const connection = new SilentConnection(next(hostname), port);
    made.push(connection);
    return Promise.resolve(connection);
  };
  const host = hostOf((name) => [next(name)]);
  return { network: new Network({ net, host, connect }), made, asked };
}

Deno.test("connect() connects to a granted host by its name, and by an address that the name led to", async () => {
  const { network, asked } = networkOf(["api.test:443"], { "api.test": ["198.51.100.7"] });
  using _ = network;
  assert.deepEqual(await network.lookUp("api.test"), ["198.51.100.7"]);
  const { remote } = await network.connect("198.51.100.7", 443);
  assert.equal(remote.hostname, "198.51.100.7");
  await network.connect("API.test", 443);
  // The engine is asked with the granted name, which its permissions have.
  assert.deepEqual(asked, ["api.test:443", "API.test:443"]);
});

for (
  const [what, host, port] of [
    ["a name", "other.test", 443],
    ["another port", "api.test", 80],
    ["an address that nobody has looked up", "198.51.100.7", 443],
    ["another port of an address that was looked up", "198.51.100.9", 80],
    ["a private address", "127.0.0.1", 443],
  ] as const
) {
  Deno.test(`connect() refuses ${what} that was not granted, and asks nobody`, async () => {
    const { network, asked } = networkOf(["api.test:443", "db.test:5432"], {
      "db.test": ["198.51.100.9"],
    });
    using _ = network;
    await network.lookUp("db.test");
    await assert.rejects(network.connect(host, port), {
      name: "HostRefusedError",
      message: `The kernel may not connect to ${host}:${port}: it was not granted this host`,
    });
    assert.deepEqual(asked, []);
  });
}

Deno.test("lookUp() refuses a name that was not granted, and one that leads to a private address", async () => {
  const { network } = networkOf(["api.test:443"], { "api.test": ["169.254.169.254"] });
  using _ = network;
  await assert.rejects(network.lookUp("other.test"), HostRefusedError);
  await assert.rejects(network.lookUp("api.test"), {
    message: "The kernel may not connect to api.test: the name leads to 169.254.169.254, an " +
      "address of a private network, which was not granted",
  });
  await assert.rejects(network.lookUp("x".repeat(300)), HostRefusedError);
});

Deno.test("connect() sends nothing to a private address that a name leads to after its look-up", async () => {
  const { network, made } = networkOf(["api.test"], { "api.test": ["198.51.100.7", "10.0.0.1"] });
  using _ = network;
  await network.lookUp("api.test"); // The first answer is public, and the next one is not.
  await assert.rejects(network.connect("198.51.100.7", 80), /leads to 10\.0\.0\.1/);
  assert.deepEqual(made.map(({ closed, written }) => [closed, written]), [[true, 0]]);
});

Deno.test("connect() takes a private address that was granted, with its port only", async () => {
  const { network } = networkOf(["api.test", "10.0.0.1:5432"], { "api.test": ["10.0.0.1"] });
  using _ = network;
  await network.connect("api.test", 5432);
  await assert.rejects(network.connect("api.test", 22), HostRefusedError);
  await network.connect("10.0.0.1", 5432);
});

Deno.test("connect() says in a user's words what the engine has refused", async () => {
  const network = (host: string) => {
    const message = `Requires net access to "${host}", run again with the --allow-net flag`;
    const connect = () => Promise.reject(Object.assign(new Error(message), { name: "NotCapable" }));
    return new Network({ net: ["api.test"], host: hostOf(() => []), connect });
  };
  await assert.rejects(network("10.0.0.1:80").connect("api.test", 80), /name leads to 10\.0\.0\.1/);
  await assert.rejects(network("[::1]:80").connect("api.test", 80), /name leads to ::1/);
  await assert.rejects(
    network("api.test:80").connect("api.test", 80),
    /was not granted this host$/,
  );
});

Deno.test("connect() refuses one connection more than a kernel may have, until one is closed", async () => {
  const { network, made } = networkOf(["api.test"], { "api.test": ["198.51.100.7"] });
  using _ = network;
  const open = await Promise.all(
    Array.from({ length: MAX_CONNECTIONS }, () => network.connect("api.test", 80)),
  );
  await assert.rejects(network.connect("api.test", 80), TooManyConnectionsError);
  open[0]!.stream.abort();
  await network.connect("api.test", 80);
  network[Symbol.dispose]();
  assert.ok(made.every(({ closed }) => closed));
});
